const listOf = new Intl.ListFormat('en-GB');

/** "A is set", "A, B and C are set". */
export function isSet(names: readonly string[]): string {
  return `${listOf.format(names)} ${names.length === 1 ? 'is' : 'are'} set`;
}
