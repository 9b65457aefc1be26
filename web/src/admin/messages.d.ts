declare module '*.json?doors' {
  const messages: unknown;
  export default messages;
}
declare module '*.json?admin' {
  const messages: unknown;
  export default messages;
}
