/** Names and addresses that lead to this machine and nowhere else. Port and brackets are accepted and ignored. */
export function isLoopbackHost(host: string): boolean {
  const name = hostName(host);
  if (name === undefined) return false;
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || isLoopbackV4(name);
}

/** The name in `name`, `name:port`, `[v6]` or `[v6]:port`, lower case; undefined when it is none of these. */
export function hostName(host: string): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+|::1)(?::\d{1,5})?$/i.exec(host);
  const name = match?.[1]?.toLowerCase();
  return name === '::1' ? '[::1]' : name;
}

function isLoopbackV4(name: string): boolean {
  const parts = name.split('.');
  return parts.length === 4 && parts[0] === '127' && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}
