/**
 * Names well-known models of authenticators by their AAGUID, as people know them. From the community list of passkey providers and
 * the makers' own tables. Without an attestation the AAGUID is not proven, so no decision may depend on the name.
 */
import type { PasskeyData } from './data.ts';

const names: Readonly<Record<string, string>> = {
  // Password managers and systems
  'fbfc3007-154e-4ecc-8c0b-6e020557d7bd': 'Apple Passwords',
  'dd4ec289-e01d-41c9-bb89-70fa845d4bf2': 'Apple Passwords',
  'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4': 'Google Password Manager',
  'adce0002-35bc-c60a-648b-0b25f1f05503': 'Chrome on Mac',
  '771b48fd-d3d4-4f74-9232-fc157ab0507a': 'Edge on Mac',
  '08987058-cadc-4b81-b6e1-30de50dcbe96': 'Windows Hello',
  '9ddd1817-af5a-4672-a2b9-3e3dd95000a9': 'Windows Hello',
  '6028b017-b1d4-4c02-b4b3-afcdafc96bb2': 'Windows Hello',
  'd3452668-01fd-4c12-926c-83a4204853aa': 'Microsoft Password Manager',
  '53414d53-554e-4700-0000-000000000000': 'Samsung Pass',
  'bada5566-a7aa-401f-bd96-45619a55120d': '1Password',
  'd548826e-79b4-db40-a3d8-11116f7e8349': 'Bitwarden',
  '531126d6-e717-415c-9320-3d9aa6981239': 'Dashlane',
  'fdb141b2-5d84-443e-8a35-4698c205a502': 'KeePassXC',
  'eaecdef2-1c31-5634-8639-f1cbd9c00a08': 'KeePassDX',
  'b78a0a55-6ef8-d246-a042-ba0f6d55050c': 'LastPass',
  'b5397666-4885-aa6b-cebf-e52262a439a2': 'Chromium',
  '891494da-2c90-4d31-a9cd-4eab0aed1309': 'Sésame',
  'b35a26b2-8f6e-4697-ab1d-d44db4da28c6': 'Zoho Vault',
  '22248c4c-7a12-46e2-9a41-44291b373a4d': 'LogMeOnce',
  'bfc748bb-3429-4faa-b9f9-7cfa9f3b76d0': 'iPasswords',
  'a10c6dd9-465e-4226-8198-c7c44b91c555': 'Kaspersky Password Manager',
  'f3809540-7f14-49c1-a8b3-8f813b225541': 'Enpass',
  '39a5647e-1853-446c-a1f6-a79bae9f5bc7': 'IDmelon',
  '0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6': 'Keeper',
  'b84e4048-15dc-4dd0-8640-f4f60813c8af': 'NordPass',
  '50726f74-6f6e-5061-7373-50726f746f6e': 'Proton Pass',
  // Security keys
  'cb69481e-8ff7-4039-93ec-0a2729a154a8': 'YubiKey 5',
  'ee882879-721c-4913-9775-3dfcce97072a': 'YubiKey 5',
  'fa2b99dc-9e39-4257-8f92-4a30d23c4118': 'YubiKey 5 NFC',
  '2fc0579f-8113-47ea-b116-bb5a8db9202a': 'YubiKey 5 NFC',
  'c5ef55ff-ad9a-4b9f-b580-adebafe026d0': 'YubiKey 5Ci',
  '73bb0cd4-e502-49b8-9c6f-b59445bf720b': 'YubiKey 5 FIPS',
  'c1f9a0bc-1dd2-404a-b27f-8e29047a43fd': 'YubiKey 5 NFC FIPS',
  '85203421-48f9-4355-9bc8-8a53846e5083': 'YubiKey 5Ci FIPS',
  'd8522d9f-575b-4866-88a9-ba99fa02f35b': 'YubiKey Bio',
  'f8a011f3-8c0a-4d15-8006-17111f9edc7d': 'Security Key by Yubico',
  'b92c3f9a-c014-4056-887f-140a2501163b': 'Security Key by Yubico',
  '6d44ba9b-f6ec-2e49-b930-0c8fe920cb73': 'Security Key NFC by Yubico',
  'd7781e5d-e353-46aa-afe2-3ca49f13332a': 'YubiKey 5 NFC',
  '42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3': 'Google Titan Security Key',
  '2cd2f727-f6ca-44da-8f48-5c2e5da000a2': 'Nitrokey 3',
  '3789da91-f943-46bc-95c3-50ea2012f03a': 'Neowave Winkeo',
  '341e4da9-3c2e-8103-5a9f-aad887135200': 'Ledger Nano S',
  'fcb1bcb4-f370-078c-6993-bc24d0ae3fbe': 'Ledger Nano X',
  '12ded745-4bed-47d4-abaa-e713f51d6393': 'Feitian AllinOne FIDO2',
  'ee041bce-25e5-4cdb-8f86-897fd6418464': 'Feitian ePass FIDO2',
};

/** Label of a passkey whose model is not known, which pages translate. */
export const unknownPasskeyLabel = 'Passkey';
/** Label of a security key whose model is not known, which pages translate. */
export const securityKeyLabel = 'Security key';

/** True for a security key: one that is not part of a phone or computer. */
const isSecurityKey = ({ transports, deviceType }: Pick<PasskeyData, 'transports' | 'deviceType'>): boolean =>
  deviceType === 'singleDevice' && !transports.includes('internal') && transports.some(each => each !== 'hybrid');

/** The name of a model; undefined: it is not known. */
export const modelOf = (aaguid: string): string | undefined =>
  Object.hasOwn(names, aaguid) ? names[aaguid] : undefined;

/** The label of a new passkey, until its owner gives it another. */
export const passkeyLabel = (data: Pick<PasskeyData, 'aaguid' | 'transports' | 'deviceType'>): string =>
  modelOf(data.aaguid) ?? (isSecurityKey(data) ? securityKeyLabel : unknownPasskeyLabel);
