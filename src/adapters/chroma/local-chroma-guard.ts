import { spawn } from 'node:child_process';

/**
 * Runs a command as long as somebody holds the other end of its standard input, and passes its end on: whatever becomes
 * of the process that started this one, also a kill -9, the server does not outlive it.
 */
const GRACE_IN_MS = 3_000;
const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
child.stderr.pipe(process.stderr);
// What ends a whole group of processes, or a service, ends the one that holds the other end, too: this one sees to the server.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
child.once('error', () => {
  process.exitCode = 1;
  process.stdin.destroy();
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
  process.stdin.destroy();
});

// SIGTERM does not end it and leaves a core spinning (chroma-core/chroma#5594).
const end = () => {
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGKILL'), GRACE_IN_MS).unref();
};
process.stdin.once('end', end).once('error', end).resume();
