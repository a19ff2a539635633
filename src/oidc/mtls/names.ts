/** Compares the names in a certificate with the one that a client registered (RFC 8705 §2.1.2). No wildcards: a name is one client. */
import type { X509Certificate } from 'node:crypto';
import { addressIn } from '../../users/limits/address-in.ts';

/** Kinds of alternative names, as node:crypto writes them. */
const kinds: Readonly<Record<string, string>> = {
  tls_client_auth_san_dns: 'DNS',
  tls_client_auth_san_uri: 'URI',
  tls_client_auth_san_ip: 'IP Address',
  tls_client_auth_san_email: 'email',
};

/** Whether the certificate has the name `expected`. `property`: the member of the client that holds it. */
export const isNamed = (certificate: X509Certificate, property: string, expected: string): boolean => {
  if (property === 'tls_client_auth_subject_dn') return subjectOf(certificate) === normalized(expected);
  const kind = kinds[property];
  return alternativeNames(certificate).some(name => name.kind === kind && isSame(kind, name.value, expected));
};

const isSame = (kind: string | undefined, value: string, expected: string): boolean => {
  if (kind === 'DNS') return value.toLowerCase() === expected.toLowerCase();
  if (kind === 'IP Address') return addressIn(value) !== undefined && addressIn(value) === addressIn(expected);
  return value === expected;
};

/** The subject as RFC 4514 writes it. node:crypto gives a line for each part, in the order of the certificate, with values escaped. */
const subjectOf = ({ subject }: X509Certificate): string =>
  normalized(
    subject
      .split('\n')
      .toReversed()
      .map(part => part.replaceAll(' + ', '+'))
      .join(','),
  );

/** Without spaces between parts, and with types in upper case. An escaped comma is inside a value. */
const normalized = (name: string): string =>
  name
    .split(/(?<!\\)[,;]/)
    .map(part => part.trim().replace(/^[a-zA-Z.0-9]+ ?=/, type => type.trim().toUpperCase().replace(' =', '=')))
    .join(',');

/** A value with a comma, a quote or a line break is written as a JSON string, so that it cannot look like two names. */
const alternativeName = /(DNS|URI|IP Address|email):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)|[^,]+(?:, |$)/gy;

const alternativeNames = ({ subjectAltName = '' }: X509Certificate): readonly { kind: string; value: string }[] =>
  [...subjectAltName.matchAll(alternativeName)].flatMap(([, kind, value = '']) =>
    kind === undefined ? [] : [{ kind, value: value.startsWith('"') ? String(JSON.parse(value)) : value }],
  );
