/**
 * Adds up a CPU profile of V8: the time of each group of code, and of single functions. Code of Node that is written in C++ has no
 * file, so that its time counts for the file that called it. Pure.
 */
import type { Profiler } from 'node:inspector';

/** A group, and the addresses of files that belong to it: below the repository, or `node:…`. The first match counts. */
const groups: readonly (readonly [name: string, files: RegExp])[] = [
  ['SQLite', /^adapters\/sqlite|^node:sqlite/],
  [
    'Redis',
    /^adapters\/redis|^node_modules\/(?:ioredis|@ioredis|redis-[a-z]+|standard-as-callback|cluster-key-slot)\//,
  ],
  ['MongoDB', /^adapters\/mongodb|^node_modules\/(?:mongodb|@mongodb-js|bson|mongodb-connection-string-url)\//],
  ['memory store', /^adapters\/memory/],
  [
    'carrier (adapter, SDK)',
    /^adapters\/twilio|^node_modules\/(?:twilio|axios|follow-redirects|form-data|qs|xmlbuilder)\//,
  ],
  ['mail and push (adapters)', /^adapters\/|^node_modules\/nodemailer\//],
  ['oidc-provider', /^node_modules\/oidc-provider\//],
  [
    'jose, otplib, names, schemas',
    /^node_modules\/(?:jose|otplib|@otplib|@scure|@noble|libphonenumber-js|zod|@simplewebauthn|uuid)\//,
  ],
  [
    'Koa, router, cookies',
    /^node_modules\/(?:koa|@koa|koa-[a-z]+|cookies|keygrip|accepts|negotiator|mime-[a-z]+|on-finished|path-to-regexp|statuses|http-assert|http-errors|type-is|content-[a-z]+|vary|depd|delegates|parseurl|encodeurl|escape-html|destroy|fresh|tsscmp)\//,
  ],
  [
    'log, metrics, traces',
    /^node_modules\/(?:pino|@pinojs|sonic-boom|safe-stable-stringify|quick-format-unescaped|@opentelemetry|@prometheus-io|tdigest|bintrees)|^src\/(?:log|metrics)\.ts|^server\/(?:metrics|traces|telemetry|instrument)/,
  ],
  [
    'hash of passwords',
    /^src\/users\/password-(?:hash|child|worker)|^node_modules\/@node-rs\/argon2\/|^node:internal\/child_process|^node:child_process|^node:internal\/worker/,
  ],
  ['other packages', /^node_modules\//],
  [
    'crypto, sealing',
    /^node:internal\/crypto|^node:crypto|^src\/(?:crypto\.ts|sealing\/|keys\/|secrets\.ts|oidc\/cookie-keys)/,
  ],
  [
    'HTTP, streams, timers of Node',
    /^node:(?:internal\/)?(?:_http|http|net|stream|streams|_stream|js_stream|events|event_target|timers|process\/task_queues|process\/promises|async_|abort|dtrace|dgram|dns|tls|_tls|buffer|url|querystring|string_decoder)/,
  ],
  ['file access of Node (syncs of SQLite, log)', /^node:(?:internal\/)?fs/],
  ['other parts of Node', /^node:/],
  ['pages, wording', /^web\/|^src\/locales\//],
  ['our routes, HTTP, server', /^server\/|^src\/http\/|^src\/(?:route-class|readiness)\.ts/],
  ['our OpenID code', /^src\/oidc\/|^src\/oidc|^interactions\/protocols\//],
  ['audit', /^src\/(?:audit|counted-audit)/],
  ['our steps (interactions, mfa, users)', /^(?:src|interactions|portals)\//],
];

const collecting = 'garbage collection';
const loop = 'event loop, compiler, without a function';
const elsewhere = 'the rest';

/** Time of one function. `at`: its file and line below the repository. */
export interface FunctionTime {
  readonly at: string;
  readonly micros: number;
}

/** A profile, added up: microseconds on the main thread. */
export interface ProfileSum {
  /** Without the time in which the thread had no work. */
  readonly busy: number;
  readonly groups: ReadonlyMap<string, number>;
  /** Functions of our own and of packages, by the time in themselves, longest first. */
  readonly own: readonly FunctionTime[];
  /** Functions of the repository without packages, by the time in themselves and in what they called, longest first. */
  readonly inclusive: readonly FunctionTime[];
}

/** Path of a file below `root`, or its address as it is. */
const pathOf = (url: string, root: string): string => {
  const path = url.startsWith(root) ? url.slice(root.length) : url;
  return path.replace(/^.*\/node_modules\//, 'node_modules/');
};

const groupOf = (path: string): string => groups.find(([, files]) => files.test(path))?.[0] ?? elsewhere;

interface Frame {
  readonly name: string;
  /** '': a function without a file. */
  readonly path: string;
  readonly line: number;
  readonly parent: Frame | undefined;
}

const framesOf = ({ nodes }: Profiler.Profile, root: string): ReadonlyMap<number, Frame> => {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const frames = new Map<number, Frame>();
  const add = (id: number, parent: Frame | undefined): void => {
    const node = byId.get(id);
    if (node === undefined) return;
    const { functionName: name, url, lineNumber } = node.callFrame;
    const frame = { name, path: url === '' ? '' : pathOf(url, root), line: lineNumber + 1, parent };
    frames.set(id, frame);
    for (const child of node.children ?? []) add(child, frame);
  };
  const children = new Set(nodes.flatMap(node => node.children ?? []));
  for (const { id } of nodes) if (!children.has(id)) add(id, undefined);
  return frames;
};

/** The innermost frame with a file. */
const located = (frame: Frame | undefined): Frame | undefined => {
  let found = frame;
  while (found !== undefined && found.path === '') found = found.parent;
  return found;
};

const sorted = (times: ReadonlyMap<string, number>): readonly FunctionTime[] =>
  [...times].map(([at, micros]) => ({ at, micros })).toSorted((a, b) => b.micros - a.micros);

const labelOf = ({ name, path, line }: Frame): string => `${name === '' ? '(anonymous)' : name} ${path}:${line}`;

const isOurs = ({ path }: Frame): boolean => path !== '' && !/^(?:node_modules\/|node:|file:|bench\/)/.test(path);

const add = (to: Map<string, number>, name: string, micros: number): void =>
  void to.set(name, (to.get(name) ?? 0) + micros);

/** Adds a profile up. `root`: the address of the repository, `file:///…/`. */
export const sumOf = (profile: Profiler.Profile, root: string): ProfileSum => {
  const frames = framesOf(profile, root);
  const [groupTimes, own, inclusive] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  let busy = 0;
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const frame = frames.get(id);
    const micros = profile.timeDeltas?.[at] ?? 0;
    const inner = located(frame);
    // The profiler itself takes a moment to begin.
    if (frame === undefined || frame.name === '(idle)' || inner?.path === 'node:inspector') continue;
    busy += micros;
    if (frame.name === '(garbage collector)') add(groupTimes, collecting, micros);
    else add(groupTimes, inner === undefined ? loop : groupOf(inner.path), micros);
    if (inner !== undefined) add(own, labelOf(inner), micros);
    const onStack = new Set<string>();
    for (let each: Frame | undefined = frame; each !== undefined; each = each.parent) {
      if (isOurs(each)) onStack.add(labelOf(each));
    }
    for (const each of onStack) add(inclusive, each, micros);
  }
  return { busy, groups: groupTimes, own: sorted(own), inclusive: sorted(inclusive) };
};
