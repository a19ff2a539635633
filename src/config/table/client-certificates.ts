/** Settings of client certificates (RFC 8705). */
import { headerName, origin } from '../checks/addresses.ts';
import { certificates } from '../checks/credentials.ts';
import { oneOf } from '../checks/values.ts';
import { optional, withDefault } from '../setting.ts';

export const clientCertificates = {
  clientCertificateHeader: optional({
    name: 'SALLYPORT_CLIENT_CERTIFICATE_HEADER',
    check: headerName(),
    expected: 'the name of a header, such as X-Client-Certificate, that has no other meaning',
    example: 'X-Client-Certificate',
    doc: 'The header in which the proxy in front sends the certificate of a client (RFC 8705). **The proxy must set or remove it in each request**: whoever can send it is believed. It is read where `SALLYPORT_PROXY_HOPS` is 1 or more, and only where it comes once. Unset: there are no certificates of clients.',
  }),
  clientCertificateFormat: withDefault({
    name: 'SALLYPORT_CLIENT_CERTIFICATE_FORMAT',
    check: oneOf('rfc9440', 'url-encoded-pem', 'base64-der'),
    expected: 'rfc9440, url-encoded-pem or base64-der',
    example: 'url-encoded-pem',
    doc: 'How the header holds the certificate. `rfc9440`: base64 between colons. `url-encoded-pem`: nginx (`$ssl_client_escaped_cert`) and Traefik. `base64-der`: HAProxy (`%[ssl_c_der,base64]`).',
    fallback: 'rfc9440',
  }),
  clientCertificateAuthorities: optional({
    name: 'SALLYPORT_CLIENT_CERTIFICATE_AUTHORITIES',
    check: certificates(),
    expected: 'one to a hundred certificates in PEM, one after the other',
    example: '"$(cat clients-ca.pem)"',
    doc: 'Authorities that issue certificates of clients, for `tls_client_auth`. Each certificate must be signed by one of them: list intermediate ones too. Revocation lists are not read here; the proxy can. Unset: a client can only register its own certificate (`self_signed_tls_client_auth`).',
    isLong: true,
  }),
  mtlsOrigin: optional({
    name: 'SALLYPORT_MTLS_ORIGIN',
    check: origin(),
    expected: 'an origin such as https://mtls.login.example.com',
    example: 'https://mtls.login.example.com',
    doc: 'Where the proxy asks clients for certificates, if not at the issuer itself, where browsers would ask people for one. Discovery names it (`mtls_endpoint_aliases`). The proxy sends the `Host` of the issuer from there.',
  }),
};
