/** All sections of the reference in order. Finds the row of a code. */
import { phoneCall, spokenCode } from './calls.ts';
import { codeFromAnApp, codeInAMail, codeInAText, recoveryCode, temporaryAccessPass } from './codes.ts';
import { pairingADevice, passkeyAsSecondStep, requestInTheAuthenticator } from './passkeys-and-phones.ts';
import { answers, clientsAndAddresses, codesAndTokens, registration, requests } from './protocol.ts';
import { devices, signIn } from './sign-in.ts';
import type { Reader, Row, Section } from './sections.ts';

export const sections: readonly Section[] = [
  signIn,
  devices,
  phoneCall,
  codeFromAnApp,
  recoveryCode,
  temporaryAccessPass,
  passkeyAsSecondStep,
  requestInTheAuthenticator,
  pairingADevice,
  codeInAText,
  codeInAMail,
  spokenCode,
  clientsAndAddresses,
  codesAndTokens,
  requests,
  answers,
  registration,
];

/** What the reference says of one code. */
export interface ExplainedError {
  readonly code: string;
  /** Title of its section. */
  readonly subject: string;
  /** Markdown, as in a row. */
  readonly happened: string;
  readonly remedy: string;
  readonly reader: Reader;
}

const codesOf = ([shown]: Row, { shows }: Section): readonly string[] => (shows === 'code' ? shown.split(', ') : []);

const byCode: ReadonlyMap<string, ExplainedError> = new Map(
  sections.flatMap(section =>
    section.rows.flatMap(row => {
      const [, happened, remedy, reader = section.reader] = row;
      return codesOf(row, section).map(
        code => [code, { code, subject: section.title, happened, remedy, reader }] as const,
      );
    }),
  ),
);

/** Every code that is explained, in the order of the document. */
export const explainedCodes: readonly string[] = [...byCode.keys()];

/** The explanation of a code such as `IDP-1007`, in any letter case; undefined: there is no such code. */
export const explainedError = (code: string): ExplainedError | undefined => byCode.get(code.toUpperCase());
