/** What each dialect must be able to say for the upstream of the canaries. */

export type Own = (what: string) => string;
/** How a dialect says what upstreams say. `own` gives a canary of the answer's own. */
export interface Voice {
  /** Content type of its streams. */
  type: string;
  error(type: string, message: string): object;
  errorEvent(message: string): string | Buffer;
  /** A stream that has begun. */
  first(text: string): (string | Buffer)[];
  whole(text: string, own: Own): object;
  streamed(text: string, own: Own): (string | Buffer)[];
  /** With members of the wrong kinds. */
  wrong(own: Own): object;
  wrongEvents(own: Own): (string | Buffer)[];
}
