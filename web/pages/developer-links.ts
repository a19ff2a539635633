/** Names the addresses of the developer portal and the fields of its forms that describe no client. */

export const developerLinks = {
  /** GET: the clients of the person. */
  clients: '/developer',
  /** GET: the kinds of clients to choose from. */
  choose: '/developer/new',
  /** GET: the form of a kind or software; POST its fields. */
  add: (choice: string): string => `/developer/new/${choice}`,
  /** POST the same fields: checks them, and answers with JSON. */
  checkNew: (choice: string): string => `/developer/new/${choice}/check`,
  /** GET: the playground, in which one of the person's clients is chosen. */
  playground: '/developer/playground',
  try: (id: string): string => `/developer/playground?client=${encodeURIComponent(id)}`,
  /** GET: asks whether to sign out. */
  signOut: '/session/end?client_id=developer',
} as const;

const below = (here: string) => ({
  /** GET, with `for`: shows the configuration of this software first. */
  here,
  for: (software: string): string => `${here}?for=${encodeURIComponent(software)}`,
  /** GET: the form; POST its fields. */
  edit: `${here}/edit`,
  /** POST the same fields: checks them, and answers with JSON. */
  check: `${here}/check`,
  /** GET: asks; POST old: makes a second secret. */
  secret: `${here}/secret`,
  /** POST: ends the older secret. */
  endOld: `${here}/secret/end-old`,
  /** GET: asks; POST: deletes the client. */
  delete: `${here}/delete`,
  /** GET: the team; POST name, role: adds a person. */
  team: `${here}/team`,
  /** POST person. */
  removePerson: `${here}/team/remove`,
});

/** Addresses of one client of the person. */
export const developerClientLinks = (id: string) => below(`/developer/clients/${encodeURIComponent(id)}`);

/** The same as paths of routes. */
export const developerClientPaths = below('/developer/clients/:id');

export const developerFields = {
  /** `keep` or `end`. */
  old: 'old',
  /** Sign-in name or e-mail address of a person. */
  name: 'name',
  /** `owner` or `member`. */
  role: 'role',
  /** Id of an account. */
  person: 'person',
} as const;
