import { ProtoWriter } from '../wire/protobuf.js';
import { frame } from '../wire/frame.js';

/** Says what it is: the protocol of this server generation, by a stand-in. */
export const SERVER_VERSION = '24.10.0-daybook-standin';

/** SupportedMethods: the client compares service and method in lower case. Lists exactly the routes that exist. */
export function supportedMethods(paths: Iterable<string>): Buffer {
  const answer = new ProtoWriter();
  for (const path of paths) {
    const [, service = '', method = ''] = path.split('/');
    answer.message(1, new ProtoWriter().string(1, method.toLowerCase()).string(2, service.toLowerCase()));
  }
  return frame(answer.string(2, SERVER_VERSION).finish());
}
