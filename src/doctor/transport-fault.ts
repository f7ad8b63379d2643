/** Who is asked, as it is named to people. */
export interface Place {
  /** The variable that names the address. */
  readonly variable: string;
  /** Without user name, password or key. */
  readonly address: string;
}

export interface Fault {
  readonly what: string;
  readonly remedy: string;
}

type Words = (place: Place) => Fault;

const unknownHost: Words = ({ variable, address }) => ({
  what: `no server is known by the name in ${address}`,
  remedy: `Check the spelling of ${variable}, and that this machine is online`,
});
const refused: Words = ({ variable, address }) => ({
  what: `nothing listens at ${address}`,
  remedy: `Start the server there, or correct the address in ${variable}`,
});
const noWay: Words = ({ variable, address }) => ({
  what: `no way leads from this machine to ${address}`,
  remedy: `Check the network, and the address in ${variable}`,
});
const tooLate: Words = ({ variable, address }) => ({
  what: `${address} did not answer in time`,
  remedy: `See whether the server is busy or a firewall stands between; else correct ${variable}`,
});
const hungUp: Words = ({ variable, address }) => ({
  what: `${address} hung up without an answer`,
  remedy: `Check the port in ${variable}, and whether the server wants TLS`,
});
const selfSigned: Words = ({ address }) => ({
  what: `the certificate of ${address} is not signed by anybody whom this machine trusts`,
  remedy:
    'Give Node the certificate of your own authority with NODE_EXTRA_CA_CERTS, or use one that is trusted',
});
const expired: Words = ({ address }) => ({
  what: `the certificate of ${address} has expired or is not valid yet`,
  remedy: "Renew it on the server, and check this machine's clock",
});
const otherName: Words = ({ variable, address }) => ({
  what: `the certificate of ${address} was issued for another name`,
  remedy: `Write the name in the certificate into ${variable}`,
});
const noTls: Words = ({ variable, address }) => ({
  what: `no encrypted connection came about with ${address}`,
  remedy: `If the server speaks without TLS, begin ${variable} with http:// or redis://`,
});
const notHttp: Words = ({ variable, address }) => ({
  what: `what listens at ${address} does not speak HTTP`,
  remedy: `Check the port in ${variable}, and whether the server wants https://`,
});

/** By the codes of the system, of OpenSSL as Node names them, and of Node's fetch. */
const WORDS = new Map<string, Words>([
  ['ENOTFOUND', unknownHost],
  ['EAI_AGAIN', unknownHost],
  ['ECONNREFUSED', refused],
  ['EHOSTUNREACH', noWay],
  ['ENETUNREACH', noWay],
  ['EADDRNOTAVAIL', noWay],
  ['ETIMEDOUT', tooLate],
  ['UND_ERR_CONNECT_TIMEOUT', tooLate],
  ['UND_ERR_HEADERS_TIMEOUT', tooLate],
  ['ECONNRESET', hungUp],
  ['EPIPE', hungUp],
  ['UND_ERR_SOCKET', hungUp],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned],
  ['SELF_SIGNED_CERT_IN_CHAIN', selfSigned],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', selfSigned],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', selfSigned],
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', expired],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherName],
  ['EPROTO', noTls],
]);

/** Why no answer came, in plain words: from what `fetch` or a socket threw. */
export function transportFault(error: unknown, place: Place): Fault {
  if (error instanceof Error && error.name === 'TimeoutError') return tooLate(place);
  const code = codeOf(error);
  const words =
    WORDS.get(code) ?? (code.startsWith('ERR_SSL_') ? noTls : code.startsWith('HPE_') ? notHttp : undefined);
  return (
    words?.(place) ?? {
      what: `the connection to ${place.address} failed (${code})`,
      remedy: `Check the address in ${place.variable}, and the server's own log`,
    }
  );
}

/** The code of an error, or of what caused it: `fetch` wraps the socket's error. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'the system gives no reason';
  // Node's own fetch gives these no code.
  if (error.name === 'HTTPParserError') return 'HPE_INVALID';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
