/** Settings of clients: who registers them, what they may ask for, and which addresses of theirs are requested. */
import { origins } from '../checks/addresses.ts';
import { detailTypes } from '../checks/files.ts';
import { offEveryoneOrNames, oneOf, path } from '../checks/values.ts';
import { count, optional, withDefault } from '../setting.ts';

export const clients = {
  clientsDir: optional({
    name: 'SALLYPORT_CLIENTS_DIR',
    check: path(),
    expected: 'the path of a folder',
    example: '/etc/sallyport/clients.d',
    doc: 'Folder with files `*.yaml` that declare clients, and policies for clients that register themselves: [clients in files](connect-a-client.md#clients-in-files). They are checked and applied at each start, before the first request. Unset: no files.',
  }),
  registration: withDefault({
    name: 'SALLYPORT_REGISTRATION',
    check: oneOf('off', 'tokens'),
    expected: 'off or tokens',
    example: 'tokens',
    doc: 'Whether clients may register themselves (RFC 7591, RFC 7592) at `/reg`: `tokens`, with a token that an operator makes by `npm run cli -- registration-tokens add`. See [connect a client](connect-a-client.md#clients-that-register-themselves).',
    fallback: 'off',
  }),
  developers: optional({
    name: 'SALLYPORT_DEVELOPERS',
    check: offEveryoneOrNames(),
    expected: 'off, everyone, or one to ten names of groups, separated by commas',
    example: 'developers,platform-team',
    doc: 'Who may use the developer portal at `/developer`, where people register clients of their own: members of these groups (`users set --add-group`), or everyone with an account. Unset: the group `developers` in production, everyone in development.',
  }),
  clientApproval: withDefault({
    name: 'SALLYPORT_CLIENT_APPROVAL',
    check: oneOf('none', 'required'),
    expected: 'none or required',
    example: 'required',
    doc: 'required: a client that a developer registers is refused everywhere until `clients approve`, and later a new name, home page or address of it is not used before `clients approve`. `clients waiting` lists them.',
    fallback: 'none',
  }),
  clientsPerDeveloper: count(
    'SALLYPORT_CLIENTS_PER_DEVELOPER',
    20,
    1,
    200,
    'Clients that one person may add in the developer portal. A client counts for the person who added it until it is deleted.',
  ),
  outboundOrigins: optional({
    name: 'SALLYPORT_OUTBOUND_ORIGINS',
    check: origins(),
    expected: 'origins such as https://crm.internal.example:8443, separated by commas; http on loopback only',
    example: 'https://crm.internal.example',
    doc: 'Origins of your own network that clients may register for requests from this server, such as `backchannel_logout_uri`. Any other address must be public, with https, at port 443 or from 1024 on. The address is checked when the connection is opened, so a name cannot lead to a private one. Unset: only public addresses. Certificates must be valid in any case (for a private authority set `NODE_EXTRA_CA_CERTS`). No proxy is used.',
  }),
  requirePushedRequests: withDefault({
    name: 'SALLYPORT_REQUIRE_PAR',
    check: oneOf('off', 'on'),
    expected: 'off or on',
    example: 'on',
    doc: 'Whether each client must push its authorization requests (RFC 9126), so that no browser can change one. Off: those that are registered with `--require-par`, or with a profile that needs it.',
    fallback: 'off',
  }),
  authorizationDetails: optional({
    name: 'SALLYPORT_AUTHORIZATION_DETAILS',
    check: detailTypes(),
    expected: 'types of authorization details in YAML: NAME: { words: { en: … }, members: [ … ] }',
    example: '"$(cat authorization-details.yaml)"',
    doc: 'Types of `authorization_details` that clients may request (RFC 9396), with words for people: [rich requests](connect-a-client.md#rich-requests). Mostly `SALLYPORT_AUTHORIZATION_DETAILS_FILE` names the file. A change needs a restart. Unset: none.',
    isLong: true,
  }),
};
