/** Two translations one behind the other. */
import type { Translation } from '../contract.ts';

/** `outer` speaks with the client, `inner` with the upstream; in between both speak the same. */
export function compose(outer: Translation, inner: Translation): Translation {
  return {
    request(body, options) {
      return inner.request(outer.request(body, options), options);
    },
    response(body, request) {
      return outer.response(inner.response(body), request);
    },
    stream(request) {
      const first = inner.stream();
      const second = outer.stream(request);
      return {
        push: (event) => first.push(event).flatMap((e) => second.push(e)),
        end: () => [...first.end().flatMap((e) => second.push(e)), ...second.end()],
      };
    },
  };
}
