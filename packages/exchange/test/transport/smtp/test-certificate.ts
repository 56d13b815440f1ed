/**
 * A self-signed certificate for 127.0.0.1 and its key, valid for a hundred years and worth nothing: for tests of TLS.
 * Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 * -subj /CN=mail.isp-b.example -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
export const testCertificate = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBrDCCAVOgAwIBAgIURdYbpgT3uqE664x92LUIq675I20wCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSbWFpbC5pc3AtYi5leGFtcGxlMCAXDTI2MTEyMjE2MzEzNFoY
DzIxMjYxMDI5MTYzMTM0WjAdMRswGQYDVQQDDBJtYWlsLmlzcC1iLmV4YW1wbGUw
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQZS5FIsRbdsfsKNqpzhwR59IxFTK66
iDEH1zKvUoCDKKhdVMjp0eXmJg2+3SYGJhwHrnBfi+7roX/Xyvkn2taio28wbTAd
BgNVHQ4EFgQUaqxfjc0fZ4mBTH6OB3XYHb4D32MwHwYDVR0jBBgwFoAUaqxfjc0f
Z4mBTH6OB3XYHb4D32MwDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2Nh
bGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgVVd+qKnxT6x/BhIDeCp3tTg4
/Rg88PHYxY9KJwD5ny8CIGc3ev2/ZRBnFIdZXR0IIaeKolU7V8VzmwN6KieuExBb
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQga+k/IArfrJb4B1x7
ZZvfA7wi9H2na5x15mS4A7ED5kuhRANCAAQZS5FIsRbdsfsKNqpzhwR59IxFTK66
iDEH1zKvUoCDKKhdVMjp0eXmJg2+3SYGJhwHrnBfi+7roX/Xyvkn2tai
-----END PRIVATE KEY-----
`,
};
