/**
 * Lists for packages the oldest version that no advisory is about, and the exceptions. A test compares them with the
 * lockfile, so that neither an upgrade of another package nor a merge brings an old one back.
 */

/** One floor. Versions of `advisory` below `version` must not be installed. */
export interface Floor {
  readonly name: string;
  readonly version: string;
  /** The newest advisory that names a version below. */
  readonly advisory: string;
}

export const floors: readonly Floor[] = [
  { name: 'koa', version: '3.1.2', advisory: 'CVE-2026-27959: a Host header decided about addresses' },
  {
    name: 'nodemailer',
    version: '10.4.1',
    advisory: 'CVE-2026-125755 and others of 2026: how addresses and recipients are read',
  },
  { name: '@simplewebauthn/server', version: '13.3.2', advisory: 'GHSA-6hxq-p678-4hr2: how answers are verified' },
  { name: 'jose', version: '4.15.5', advisory: 'CVE-2024-28176: a compressed token filled the memory' },
  { name: 'jsonwebtoken', version: '9.0.0', advisory: 'CVE-2022-23540: the default algorithm was insecure' },
  { name: 'axios', version: '1.12.0', advisory: 'CVE-2025-58754: a data: address filled the memory' },
  { name: 'follow-redirects', version: '1.15.6', advisory: 'CVE-2024-28849: credentials went to another host' },
  { name: 'form-data', version: '4.0.4', advisory: 'CVE-2025-7783: boundaries could be guessed' },
  { name: 'qs', version: '6.14.1', advisory: 'CVE-2025-15284: a list filled the memory' },
  { name: 'path-to-regexp', version: '8.0.0', advisory: 'CVE-2024-45296: slow patterns' },
  { name: 'zod', version: '3.22.3', advisory: 'CVE-2023-4316: a slow pattern for e-mail addresses' },
  { name: 'csv-parse', version: '4.4.6', advisory: 'CVE-2019-17592: a slow pattern' },
  { name: 'bson', version: '1.1.4', advisory: 'CVE-2020-7610: objects of an unknown type were stored' },
  { name: 'esbuild', version: '0.25.0', advisory: 'GHSA-67mh-4wv8-2f99: other sites read its development server' },
];

/** A version below its floor that is accepted for a time. */
export interface Exception {
  readonly name: string;
  readonly version: string;
  readonly because: string;
  /** The test fails from this day on (ISO 8601): decide again. */
  readonly until: string;
}

export const exceptions: readonly Exception[] = [
  {
    name: 'nodemailer',
    version: '10.3.1',
    because: 'a copy that only the mailbox of tests uses, to read mails that we wrote',
    until: '2027-05-31',
  },
];
