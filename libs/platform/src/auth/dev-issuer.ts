/** Names tokens anybody on the machine can make. Never an issuer the production verifier may be told to trust. */
export const DEV_ISSUER = 'urn:daybook:dev-tokens';
