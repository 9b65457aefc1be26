declare module '*.json?admin' {
  const messages: unknown;
  export default messages;
}
