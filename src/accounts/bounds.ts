/** What limits may be, for the server that checks them and the page on which they are typed. */

export const MOST_PER_MINUTE = 1e12;

/** An entry of a limit's models. A local model may have no author, or more than one slash. */
export const MODEL_PATTERN = /^(\*|[^/*\s]+\/\*|[^/*\s][^*\s]*)$/;
