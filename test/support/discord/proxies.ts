/** Applications that speak for players' characters, by their ids. */
export const PROXY_PROGRAM = { PluralKit: '466378653216014359', Tupperbox: '431544605209788416' } as const;
export type ProxyProgram = keyof typeof PROXY_PROGRAM;
