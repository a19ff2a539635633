/** Reads the certificate of a client from the header in which the proxy sends it. */
import { X509Certificate } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { ClientCertificateSettings } from '../../config.ts';
import type { Clock } from '../../ports/time.ts';

/**
 * How the header holds a certificate. rfc9440: base64 of DER between colons. url-encoded-pem: PEM, percent-encoded (nginx, Apache), also
 * without its first and last line (Traefik). base64-der: base64 of DER (HAProxy).
 */
type Format = ClientCertificateSettings['format'];

/** Characters of a longer header are no certificate of a client. */
const longestHeader = 16_384;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Gives the certificate of a request; undefined without one that is valid now. It is parsed once for each request. */
export const certificateReader = (
  { header, format }: Pick<ClientCertificateSettings, 'header' | 'format'>,
  clock: Clock,
): ((ctx: KoaContextWithOIDC) => X509Certificate | undefined) => {
  const read = new WeakMap<KoaContextWithOIDC, X509Certificate | undefined>();
  return ctx => {
    if (read.has(ctx)) return read.get(ctx);
    const parsed = parseCertificate(ctx.get(header), format);
    const certificate = parsed !== undefined && isCurrent(parsed, clock) ? parsed : undefined;
    read.set(ctx, certificate);
    return certificate;
  };
};

/** The certificate in a header; undefined for another text. */
export const parseCertificate = (text: string, format: Format): X509Certificate | undefined => {
  if (text === '' || text.length > longestHeader) return undefined;
  const der = derIn(text.trim(), format);
  if (der === undefined || !base64.test(der)) return undefined;
  try {
    return new X509Certificate(Buffer.from(der, 'base64'));
  } catch {
    return undefined;
  }
};

/** Base64 of the certificate. */
const derIn = (text: string, format: Format): string | undefined => {
  if (format === 'base64-der') return text;
  if (format === 'rfc9440') return text.startsWith(':') && text.endsWith(':') ? text.slice(1, -1) : undefined;
  try {
    const pem = decodeURIComponent(text);
    return pem.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|\s/g, '');
  } catch {
    return undefined;
  }
};

/** Whether the certificate is valid now. */
export const isCurrent = ({ validFromDate, validToDate }: X509Certificate, clock: Clock): boolean =>
  validFromDate.getTime() <= clock() && clock() <= validToDate.getTime();
