/** Go with go-oidc and x/oauth2. */
import { fullIdToken, optionalPkce, type Software } from './software.ts';

export const go: Software = {
  title: 'Go with go-oidc',
  registration: { ...optionalPkce, ...fullIdToken },
  redirectPath: '/callback',
  sends: 'neither',
  snippetSendsPkce: true,
  file: 'oidc.go',
  syntax: 'go',
  snippet: ({ issuer, clientId, clientSecret, redirectUri }) => `\
package main

import (
	"context"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

var config = oauth2.Config{
	ClientID:     "${clientId}",
	ClientSecret: "${clientSecret}",
	RedirectURL:  "${redirectUri}",
	Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
}

func discover(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	provider, err := oidc.NewProvider(ctx, "${issuer}")
	if err != nil {
		return nil, err
	}
	config.Endpoint = provider.Endpoint()
	return provider.Verifier(&oidc.Config{ClientID: config.ClientID}), nil
}

// begin gives the address for the browser. Keep state and verifier (oauth2.GenerateVerifier) in its session.
func begin(state, verifier string) string {
	return config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier))
}

// finish gives the verified ID token. Compare the state before.
func finish(ctx context.Context, tokens *oidc.IDTokenVerifier, code, verifier string) (*oidc.IDToken, error) {
	answer, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, err
	}
	raw, _ := answer.Extra("id_token").(string)
	return tokens.Verify(ctx, raw)
}
`,
};
