/** A source's URL as it may be shown and stored: without user, password, query and fragment. */
export const sourceName = (url: URL): string =>
  `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;

/** Whether a path given for an import names a source rather than a file. */
export const isSourceUrl = (path: string): boolean => /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(path);
