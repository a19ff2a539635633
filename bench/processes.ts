/** Reads the CPU time and the memory of processes from Linux (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs';

/** A tick of `/proc/PID/stat` in microseconds (`getconf CLK_TCK` is 100 on every Linux of today). */
const tick = 10_000;

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has ended, or this is no Linux.
    return '';
  }
};

/** Ids of the threads of a process. None: it has ended, or this is no Linux. */
const threadsOf = (pid: number): readonly string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** Process ids of the children of a process. */
export const childrenOf = (pid: number): readonly number[] =>
  threadsOf(pid).flatMap(thread =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter(text => text !== '')
      .map(Number),
  );

/** Name of a program, as the kernel keeps it. '': it has ended. */
export const nameOfProcess = (pid: number): string => textOf(`/proc/${pid}/comm`).trim();

/** Microseconds of CPU that a process has used, in steps of 10 ms. 0: it has ended. */
const cpuOfProcess = (pid: number): number => {
  // The name in parentheses may contain spaces. `utime` and `stime` are fields 14 and 15, the name is field 2.
  const [, , , , , , , , , , , utime = 0, stime = 0] = textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return (utime + stime) * tick;
};

/** The same for the children of a process. */
export const cpuOfChildren = (pid: number): number =>
  childrenOf(pid).reduce((sum, child) => sum + cpuOfProcess(child), 0);

/** Microseconds of CPU that the threads of a process have used, by their names. Several may have one name. */
export const cpuOfThreads = (pid: number): ReadonlyMap<string, number> => {
  const times = new Map<string, number>();
  for (const thread of threadsOf(pid)) {
    // Its first number is the time on a CPU in nanoseconds.
    const [nanos = 0] = textOf(`/proc/${pid}/task/${thread}/schedstat`).split(' ').map(Number);
    const name = textOf(`/proc/${pid}/task/${thread}/comm`).trim();
    times.set(name, (times.get(name) ?? 0) + nanos / 1000);
  }
  return times;
};

/** Proportional set size in bytes of a process and its children: shared pages count in parts. 0: unknown. */
export const pssOf = (pid: number): number =>
  [pid, ...childrenOf(pid)].reduce(
    (sum, each) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${each}/smaps_rollup`))?.[1] ?? 0) * 1024,
    0,
  );
