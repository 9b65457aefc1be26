/** Loaded into a server before it starts: calls to clouds, whose addresses no configuration changes, go to an upstream of a test. */
const origin = process.env.CANARY_CLOUDS ?? '';
const outside = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const isCloud = /\.(googleapis|amazonaws)\.com$/.test(url.hostname);
  return isCloud ? outside(`${origin}${url.pathname}${url.search}`, init) : outside(input, init);
};
