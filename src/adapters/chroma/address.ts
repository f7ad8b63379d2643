/** An address in the form in which Chroma's client takes it. */
export function addressOf(url: string): {
  readonly host: string;
  readonly port: number;
  readonly ssl: boolean;
} {
  const { hostname, port, protocol } = new URL(url);
  const ssl = protocol === 'https:';
  return { host: hostname, port: port === '' ? (ssl ? 443 : 80) : Number(port), ssl };
}
