/** Where and why bytes are not read. `limit`: they may be JSON, but go beyond what the reader was told to take. */
export class JsonSyntaxError extends Error {
  readonly position: number;
  readonly limit: 'depth' | 'brackets' | null;
  constructor(message: string, position: number, limit: 'depth' | 'brackets' | null = null) {
    super(message);
    this.position = position;
    this.limit = limit;
  }
}
