/** Types the data of the pages of the playground. */
import type { PortalFrame } from './account-props.ts';
import type { Outcome } from '../../src/oidc/playground/exchange.ts';
import type { Exchange } from '../../src/oidc/playground/shown.ts';
import type { Untried } from '../../src/oidc/playground/playground.ts';
import type { Parameters, Wish, WishFault, WishField } from '../../src/oidc/playground/request.ts';

/** Data of every page of the playground. */
export interface PlaygroundFrame {
  /** Path of the form, below which the other pages are. */
  readonly page: string;
  /** 8 characters, the same in audit and log. */
  readonly reference: string;
  /** Of the developer portal, where the page belongs to it. */
  readonly portal?: PortalFrame;
}

/** The form, empty or with its mistakes. */
export interface PlaygroundFormPage extends PlaygroundFrame {
  readonly clients: readonly { readonly id: string; readonly name: string }[];
  readonly wish: Wish;
  /** Characters that each field may take. */
  readonly longest: Readonly<Record<WishField, number>>;
  readonly faults: Partial<Readonly<Record<WishField, WishFault | Untried>>>;
}

/** A request that is ready to be sent, or that was refused when it was pushed. */
export interface PlaygroundRequestPage extends PlaygroundFrame {
  readonly client: string;
  readonly parameters: Parameters;
  readonly pushed?: Exchange;
  /** The address that begins the sign-in, and the command for it. Absent: the request was refused. */
  readonly send?: { readonly to: string; readonly curl: string };
  /** Address of the form with the same values. */
  readonly link: string;
}

/** What came back. */
export interface PlaygroundResultPage extends PlaygroundFrame {
  readonly outcome: Outcome;
  /** Address of the form with the same values. */
  readonly link: string;
}
