/**
 * The configuration of the suite for each plan, in its own format: where the server is, which clients the suite plays, and what its
 * browser (HtmlUnit) types and clicks on our pages.
 */
import { hasFapi, hasMtls, idPrefix, type SuiteAddress } from './clients.ts';
import type { ProfileState } from './state.ts';

/** What the suite needs to know. */
export interface PlanFacts extends SuiteAddress {
  /** Origin. */
  readonly issuer: string;
  /** Sign-in name of the person. */
  readonly name: string;
  readonly state: ProfileState;
  /** An initial access token, with which the suite registers clients. */
  readonly registrationToken: string;
}

/**
 * `click`: what, how it is found, the selector, and whether it may be absent. `text` has the value too, `wait` the seconds and a
 * pattern.
 */
type Command = readonly (string | number)[];
interface Task {
  readonly task: string;
  readonly match: string;
  readonly optional?: true;
  readonly commands?: readonly Command[];
}
interface Visit {
  readonly match: string;
  readonly tasks: readonly Task[];
}

/** Forms and fields of our pages. Names of fields and addresses of forms are stable: pages and routes share them (web/pages/links.ts). */
const signInButton = 'form[action$="/password"] button[type="submit"]';
const allowButton = 'form[action$="/consent"] button[value="allow"]';
const signOutButton = 'button[name="logout"]';

/** HtmlUnit may look at a page before its last click has led to the next one. So each click is followed by a wait. */
const waitFor = (path: string): Command => ['wait', 'contains', path, 10];
/** The form of `response_mode=form_post`. Its script is a module, which HtmlUnit does not run, so its button is pressed. */
const answerForm = 'form[action*="/callback"]';
const waitAfter = (...others: readonly string[]): Command => [
  'wait',
  'css',
  [...others, answerForm, '#submission_complete'].join(', '),
  10,
];

/**
 * Waits for a page with a heading, and gives it to the suite as the proof that it asks for. The last words are names of the suite, for
 * the place of that proof in its log.
 */
const showPage: Command = ['wait', 'css', 'h1', 10, '.+', 'update-image-placeholder'];
const showPageIfAsked: Command = ['wait', 'css', 'h1', 10, '.+', 'update-image-placeholder-optional'];

const tasksOf = ({ issuer, name, state }: PlanFacts) => {
  const page = `${issuer}/interaction*`;
  const signIn = (first: readonly Command[] = []): Task => ({
    task: 'Sign in',
    match: page,
    optional: true,
    commands: [
      ...first,
      ['text', 'name', 'name', name, 'optional'],
      ['text', 'name', 'password', state.password, 'optional'],
      ['click', 'css', signInButton, 'optional'],
      waitAfter('form[action$="/consent"]'),
    ],
  });
  const consent: Task = {
    task: 'Allow',
    match: page,
    optional: true,
    commands: [['click', 'css', allowButton, 'optional'], waitAfter()],
  };
  const answer: Task = {
    task: 'Send the answer',
    match: `${issuer}/*`,
    optional: true,
    commands: [['click', 'css', `${answerForm} button[type="submit"]`, 'optional'], waitFor('/callback')],
  };
  const returned: Task = {
    task: 'Returned to the suite',
    match: '*/test/*/callback*',
    commands: [['wait', 'id', 'submission_complete', 10]],
  };
  const authorization = (first?: readonly Command[]): Visit => ({
    match: `${issuer}/auth*`,
    tasks: [signIn(first), consent, answer, returned],
  });
  const stays = (path: string, first: readonly Command[] = []): Visit => ({
    match: `${issuer}${path}*`,
    tasks: [{ task: 'Stays on a page of the issuer', match: `${issuer}/*`, commands: [...first, showPage] }],
  });
  const pressYes: Command = ['click', 'css', signOutButton, 'optional'];
  const signOut: Visit = {
    match: `${issuer}/session/end*`,
    tasks: [
      { task: 'Sign out', match: `${issuer}/session/end*`, commands: [pressYes, waitFor('/post_logout_redirect')] },
      { task: 'Returned to the suite', match: '*/test/*/post_logout_redirect*' },
    ],
  };
  return { authorization, stays, signOut, pressYes };
};

/** Modules that end on a page of ours, after a visit of this path. */
const endsOnPage = {
  '/auth': [
    'oidcc-ensure-registered-redirect-uri',
    'oidcc-ensure-redirect-uri-in-authorization-request',
    'oidcc-redirect-uri-query-added',
    'oidcc-redirect-uri-query-mismatch',
  ],
  '/session/end': [
    'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
    'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
    'oidcc-rp-initiated-logout-bad-id-token-hint',
    'oidcc-rp-initiated-logout-modified-id-token-hint',
    'oidcc-rp-initiated-logout-no-id-token-hint',
    'oidcc-rp-initiated-logout-no-params',
    'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
    'oidcc-rp-initiated-logout-only-state',
  ],
} as const;

/** Modules in which the second sign-in must be seen. */
const signsInAgain = ['oidcc-prompt-login', 'oidcc-max-age-1'];

const browserOf = (facts: PlanFacts) => {
  const { authorization, stays, signOut, pressYes } = tasksOf(facts);
  const override: Record<string, { readonly browser: readonly Visit[] }> = {};
  for (const name of signsInAgain) override[name] = { browser: [authorization([showPageIfAsked])] };
  for (const name of endsOnPage['/auth']) override[name] = { browser: [stays('/auth')] };
  for (const name of endsOnPage['/session/end']) {
    override[name] = { browser: [authorization(), stays('/session/end', [pressYes])] };
  }
  return { browser: [authorization(), signOut], override };
};

/**
 * The files, by name without ending: for registered clients, for clients that the suite registers, and for FAPI 2.0, also with
 * certificates.
 */
export const planFiles = (facts: PlanFacts): Readonly<Record<string, object>> => {
  const { issuer, alias, name, state, registrationToken } = facts;
  const client = (role: string) => {
    const id = `${idPrefix}${role}`;
    return { client_id: id, client_secret: state.secrets[id] };
  };
  const server = { discoveryUrl: `${issuer}/.well-known/openid-configuration`, login_hint: name };
  const common = { alias, description: 'Sallyport', server, ...browserOf(facts) };
  const [first, second] = state.fapiKeys;
  const [certificate, certificate2] = state.fapiCertificates;
  const fapi = (kind: 'fapi' | 'mtls') => ({
    ...common,
    client: { client_id: `${idPrefix}${kind}-1`, scope: 'openid', jwks: { keys: [first] } },
    client2: { client_id: `${idPrefix}${kind}-2`, scope: 'openid', jwks: { keys: [second] } },
    resource: { resourceUrl: `${issuer}/me` },
  });
  return {
    'openid-connect': {
      ...common,
      client: client('first'),
      client2: client('second'),
      client_secret_post: client('post'),
    },
    dynamic: {
      ...common,
      client: { client_name: 'Conformance suite', initial_access_token: registrationToken },
      client2: { client_name: 'Conformance suite, second client', initial_access_token: registrationToken },
    },
    ...(hasFapi(facts) && { fapi2: fapi('fapi') }),
    // The suite wants keys of these clients too, and signs nothing with them.
    ...(hasMtls(facts) && {
      'fapi2-mtls': {
        ...fapi('mtls'),
        mtls: { cert: certificate.certificate, key: certificate.key },
        mtls2: { cert: certificate2.certificate, key: certificate2.key },
      },
    }),
  };
};
