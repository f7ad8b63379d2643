/** "0.4 ms", "412 ms", "3.2 s", "2 min 5 s", "3 h 12 min", "2 d 4 h". */
export function formatDuration(durationInMs: number): string {
  if (durationInMs < 9.95) return `${durationInMs.toFixed(1)} ms`;
  if (durationInMs < 999.5) return `${Math.round(durationInMs)} ms`;
  if (durationInMs < 59_950) return `${(durationInMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationInMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "12,345". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** "$0", "<$0.0001", "$0.0123", "$1,204.50": four places below a dollar, two above. */
export function formatCost(costInMicroUsd: number): string {
  if (costInMicroUsd === 0) return '$0';
  const dollars = costInMicroUsd / 1e6;
  if (dollars < 0.0001) return '<$0.0001';
  const places = dollars < 0.99995 ? 4 : 2;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  return `$${dollars.toLocaleString('en-US', digits)}`;
}

/** "87 %" of all, or "–" where there was nothing. */
export function formatShare(part: number, all: number): string {
  return all === 0 ? '–' : `${Math.round((part / all) * 100)} %`;
}
