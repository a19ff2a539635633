/** Wires the pages of a sign-in for one set of keys. */
import type { InteractionDeps } from '../interactions/context.ts';
import { enrollmentTime } from '../interactions/enrollment/begin.ts';
import { EnrollmentDrafts } from '../interactions/enrollment-draft.ts';
import { PersonCache } from '../interactions/person-cache.ts';
import { createOidcProtocol } from '../interactions/protocols/oidc/protocol.ts';
import { spacedNumber } from '../src/mfa/phone-number.ts';
import { SignInProofs } from '../src/mfa/sign-in-proofs.ts';
import { Consents } from '../src/oidc/consent/consents.ts';
import { createResumeAnswers } from '../src/oidc/http/resume-answers.ts';
import { oidcDocumentKind } from '../src/records.ts';
import type { RouteContext } from './route-context.ts';

/** What the pages of a sign-in need. */
export const interactionDepsOf = ({
  resources,
  services,
  provider,
  cookies,
  requestCookies,
}: RouteContext): InteractionDeps => {
  const { settings, clock, durable, shortLived, carriers, factors, log, developerNotes } = resources;
  const { ephemeral } = shortLived;
  const callerId = carriers.find(carrier => carrier.callerId !== undefined)?.callerId;
  return {
    ...services,
    protocol: createOidcProtocol({
      provider,
      requestCookies,
      resumeAnswers: createResumeAnswers({ ephemeral, sealer: services.sealer }),
      consents: new Consents({ documents: durable.collection(oidcDocumentKind), clock }),
      scopes: settings.scopes,
      detailTypes: settings.detailTypes,
      clock,
    }),
    issuer: settings.issuer,
    cookies,
    personCache: new PersonCache(clock),
    factors,
    signInProofs: new SignInProofs(ephemeral, settings.lifetimes.interaction),
    ephemeral,
    enrollmentDrafts: new EnrollmentDrafts({ ephemeral, sealer: services.sealer, lifetime: enrollmentTime }),
    enrollmentPolicy: settings.enrollment,
    policy: settings.policy,
    minimum: settings.minAcr,
    pairedDevices: services.devices,
    reach: settings.reach,
    clock,
    log,
    pause: settings.limits.pause,
    ...(callerId !== undefined && { callerId: spacedNumber(callerId) }),
    ...(developerNotes !== undefined && { developerNotes }),
  };
};
