import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process of the operating system, as it is told from others. */
export interface ProcessMark {
  /** Where its pid means something. */
  readonly host: string;
  readonly pid: number;
  /** In milliseconds since the epoch: tells it from an earlier one with the same pid. */
  readonly started_at_ms: number;
}

/** The one in which this runs. */
export function thisProcess(): ProcessMark {
  return { host: hostOfPids(), pid: process.pid, started_at_ms: Math.round(performance.timeOrigin) };
}

/** Whether it is known to have ended. Of another host, or where some other program has its pid by now, that is not known. */
export function hasEnded(other: ProcessMark, own: ProcessMark): boolean {
  if (other.host !== own.host) return false;
  return other.pid === own.pid ? other.started_at_ms !== own.started_at_ms : !isRunning(other.pid);
}

/** Containers may share a host's name, but not its pids. */
function hostOfPids(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: everything on the host shares its pids.
    return hostname();
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Whatever else is wrong (it is another user's), there is one.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
