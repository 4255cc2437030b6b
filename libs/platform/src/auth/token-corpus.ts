/**
 * The shapes of tokens that common providers send, written from what is publicly known of them and not captured; ids are
 * made up and keys made at test time. A shape that is accepted, or refused, for another reason than before is a change users feel.
 */
export interface ShapeContext {
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface TokenShape {
  readonly provider: string;
  readonly kind: 'access token' | 'ID token' | 'refresh token' | 'service token';
  /** What AUTH_AUDIENCE is set to for this provider. */
  readonly audience: string;
  readonly rolesClaim: string;
  readonly headerType?: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accepted: boolean;
  readonly roles?: readonly string[];
}

const API = 'https://budget.example/api';
const CLIENT = 'b1a6e8c2-7d53-4f0e-9a1b-3c5d7e9f0a2b';
const ROLE = 'daybook-operator';

export function tokenShapes({ issuer, now }: ShapeContext): TokenShape[] {
  const times = { iat: now - 10, exp: now + 900 };
  const base = { iss: issuer, sub: 'subject-1', ...times };
  return [...brokerShapes(base), ...cloudShapes(base, now), ...appShapes(base)];
}

type Base = Readonly<Record<string, unknown>>;

/** Providers that people run themselves, or that issue tokens for an API by name. */
function brokerShapes(base: Base): TokenShape[] {
  const auth0 = {
    ...base,
    aud: [API, 'https://tenant.example/userinfo'],
    azp: CLIENT,
    scope: 'openid profile email',
    'https://budget.example/roles': [ROLE],
  };
  const keycloak = {
    ...base,
    jti: 'onrtac:1',
    aud: ['budget-api', 'account'],
    typ: 'Bearer',
    azp: 'budget-web',
    sid: 'session-1',
    acr: '1',
    realm_access: { roles: ['offline_access', ROLE] },
    resource_access: { account: { roles: ['view-profile'] } },
    scope: 'openid email profile',
    email_verified: true,
    name: 'Ana Example',
    email: 'ana@example.com',
  };
  const zitadel = { ...base, aud: ['312@budget', '311'], client_id: '312@budget', jti: 'V2_1', nbf: base['iat'] };
  const zitadelRoles = { 'urn:zitadel:iam:org:project:roles': { [ROLE]: { '310': 'budget.example' } } };
  return [
    access('Auth0', API, auth0, { rolesClaim: 'https://budget.example/roles', roles: ['operator'] }),
    refused('Auth0', 'ID token', CLIENT, { ...base, aud: CLIENT, name: 'Ana', sid: 's', nonce: 'n' }),
    refused('Auth0 without nonce', 'ID token', CLIENT, { ...base, aud: CLIENT, name: 'Ana', sid: 's' }),
    access('Keycloak', 'budget-api', keycloak, { rolesClaim: 'realm_access.roles', roles: ['operator'] }),
    refused('Keycloak without audience mapper', 'access token', 'budget-api', { ...keycloak, aud: 'account' }),
    refused('Keycloak', 'ID token', 'budget-web', { ...keycloak, typ: 'ID', aud: 'budget-web', at_hash: 'h' }),
    refused('Keycloak', 'refresh token', 'budget-web', { ...keycloak, typ: 'Refresh', aud: 'budget-web' }),
    access('Zitadel', '311', { ...zitadel, ...zitadelRoles }, {
      headerType: 'at+jwt',
      rolesClaim: 'urn:zitadel:iam:org:project:roles',
      roles: ['operator'],
    }),
    refused('Zitadel', 'ID token', '312@budget', { ...zitadel, azp: '312@budget', at_hash: 'h', auth_time: 1 }),
    access('Ory Hydra', API, { ...base, aud: [API], client_id: CLIENT, scp: ['openid'], ext: {}, jti: 'j' }),
    access('Authentik', CLIENT, { ...base, aud: CLIENT, azp: CLIENT, scope: 'openid profile', uid: 'u' }),
    access('Authelia', API, { ...base, aud: [API], client_id: 'web', scope: 'openid', jti: 'j' }, { headerType: 'at+jwt' }),
    access('Duende IdentityServer', 'budget', { ...base, aud: 'budget', client_id: 'web', scope: ['budget'] }, {
      headerType: 'at+jwt',
    }),
  ];
}

/** Directories of companies and clouds. */
function cloudShapes(base: Base, now: number): TokenShape[] {
  const entra = {
    ...base,
    aud: CLIENT,
    nbf: now - 10,
    aio: 'aio',
    azp: 'e0f7c6d5-0000-4000-8000-000000000001',
    azpacr: '0',
    oid: 'oid-1',
    tid: 'tid-1',
    scp: 'access_as_user',
    roles: [ROLE],
    uti: 'uti',
    ver: '2.0',
  };
  const cognito = {
    ...base,
    client_id: '7lhexample',
    token_use: 'access',
    scope: 'openid',
    username: 'ana',
    'cognito:groups': [ROLE],
    origin_jti: 'o',
    jti: 'j',
    event_id: 'e',
  };
  const okta = { ...base, ver: 1, jti: 'AT.1', aud: 'api://budget', cid: '0oa1', uid: '00u1', scp: ['openid'] };
  return [
    access('Entra ID v2', CLIENT, entra, { roles: ['operator'] }),
    access('Entra ID v1', `api://${CLIENT}`, { ...entra, aud: `api://${CLIENT}`, appid: 'a', ver: '1.0', azp: undefined }, {
      roles: ['operator'],
    }),
    refused('Entra ID', 'ID token', CLIENT, { ...base, aud: CLIENT, oid: 'o', tid: 't', nonce: 'n', ver: '2.0' }),
    refused('Entra ID without nonce', 'ID token', CLIENT, { ...base, aud: CLIENT, oid: 'o', tid: 't', ver: '2.0' }),
    access('Cognito', '7lhexample', cognito, { rolesClaim: 'cognito:groups', roles: ['operator'] }),
    refused('Cognito', 'ID token', '7lhexample', { ...base, aud: '7lhexample', token_use: 'id', email: 'a@b.c' }),
    access('Okta', 'api://budget', { ...okta, groups: [ROLE] }, { rolesClaim: 'groups', roles: ['operator'] }),
    refused('Okta', 'ID token', '0oa1', { ...base, aud: '0oa1', ver: 1, jti: 'ID.1', amr: ['pwd'], at_hash: 'h' }),
    refused('Google', 'ID token', 'x.apps', { ...base, aud: 'x.apps', azp: 'x.apps', at_hash: 'h', hd: 'e.example' }),
    refused('Google One Tap', 'ID token', 'x.apps', { ...base, aud: 'x.apps', azp: 'x.apps', nbf: now, jti: 'j' }),
    refused('Firebase', 'ID token', 'project', { ...base, aud: 'project', user_id: 'subject-1', auth_time: now }),
    access('Ping', 'budget', { ...base, aud: ['budget'], client_id: CLIENT, scope: 'budget', env: 'e', org: 'o' }),
    access('OneLogin', API, { ...base, aud: API, scope: 'openid', jti: 'j' }),
    access('Client credentials (RFC 9068)', API, { ...base, aud: API, client_id: 'job', jti: 'j' }, {
      headerType: 'at+jwt',
      kind: 'service token',
    }),
  ];
}

/** Hosted sign-in for apps; several send no audience and name the client or the page instead. */
function appShapes(base: Base): TokenShape[] {
  const page = 'https://budget.example';
  return [
    access('Clerk', page, { ...base, azp: page, sid: 'sess_1', sts: 'active', fva: [1, -1], v: 2, role: ROLE }, {
      rolesClaim: 'role',
      roles: ['operator'],
    }),
    refused('Clerk for another page', 'access token', page, { ...base, azp: 'https://other.example', sid: 'sess_1' }),
    access('Supabase', 'authenticated', {
      ...base,
      aud: 'authenticated',
      role: 'authenticated',
      session_id: 's',
      is_anonymous: false,
      email: 'ana@example.com',
      app_metadata: { provider: 'email', roles: [ROLE] },
    }, { rolesClaim: 'app_metadata.roles', roles: ['operator'] }),
    access('WorkOS', 'client_1', { ...base, client_id: 'client_1', sid: 'session_1', jti: 'j', permissions: [] }),
    access('Descope', 'P2', { ...base, aud: ['P2'], drn: 'DS', permissions: [], roles: [ROLE] }, { roles: ['operator'] }),
    access('FusionAuth', CLIENT, { ...base, aud: CLIENT, tid: 't', scope: 'openid', roles: [], applicationId: CLIENT }),
    access('Logto', API, { ...base, aud: API, client_id: 'web', scope: 'use', jti: 'j' }, { headerType: 'at+jwt' }),
    access('Stytch', 'project-live-1', { ...base, aud: ['project-live-1'], scope: 'openid', client_id: 'c' }),
  ];
}

function access(
  provider: string,
  audience: string,
  claims: Base,
  more: Partial<Pick<TokenShape, 'rolesClaim' | 'roles' | 'headerType' | 'kind'>> = {},
): TokenShape {
  return { provider, kind: 'access token', audience, rolesClaim: 'roles', claims, accepted: true, ...more };
}

function refused(provider: string, kind: TokenShape['kind'], audience: string, claims: Base): TokenShape {
  return { provider, kind, audience, rolesClaim: 'roles', claims, accepted: false };
}
