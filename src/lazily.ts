/** Loads packages when they are first used, so that a process that never needs one neither waits for it nor keeps it in memory. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Gives a function that loads the package at its first call. For packages that synchronous code needs; elsewhere use `import()`.
 * `Exports`: what the package exports, as `typeof import('name')`.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type of the package
export const lazily = <Exports>(name: string): (() => Exports) => {
  let loaded: { readonly exports: Exports } | undefined;
  return () => {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- as above
    loaded ??= { exports: require(name) };
    return loaded.exports;
  };
};
