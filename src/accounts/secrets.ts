/** Secrets of virtual keys, and the sealing of provider keys (AES-256-GCM; a key derived by HKDF). */
import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { StateaiError } from '../generation/errors.ts';

const PREFIX = 'sk-sa-v1-';

export const newSecret = (): string => `${PREFIX}${randomBytes(32).toString('hex')}`;

/** Anything else cannot be a key, and needs no look into the database. */
export const looksLikeSecret = (text: string): boolean =>
  text.length === PREFIX.length + 64 && /^sk-sa-v1-[0-9a-f]{64}$/.test(text);

/** SHA-256, hex: what is kept of a secret. Its 256 bits are random, so no salt or slow hash is needed. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'hex');

/** Enough to recognise a key by, too little to guess it: `sk-sa-v1-ab…1f9`. */
export const labelOf = (secret: string): string =>
  `${PREFIX}${secret.slice(PREFIX.length, PREFIX.length + 2)}…${secret.slice(-3)}`;

/** The same for a provider's key, of which at most a third is shown. */
export function providerLabel(key: string): string {
  const shown = Math.min(3, Math.floor(key.length / 6));
  return shown === 0 ? '…' : `${key.slice(0, shown)}…${key.slice(-shown)}`;
}

/** What provider keys are sealed with: `STATEAI_ENCRYPTION_KEY` where it is set, else the secret of the workspace. */
export const encryptionSecret = (workspaceSecret: string, env: NodeJS.ProcessEnv = process.env): string =>
  env.STATEAI_ENCRYPTION_KEY || workspaceSecret;

export interface Sealer {
  /** @param place who may read it: account and provider. Sealed text moved elsewhere does not open. */
  seal(text: string, place: string): string;
  /** null: it was sealed with another secret, for another place, or is damaged. */
  unseal(sealed: string, place: string): string | null;
}

/** @param secret at least 16 characters; only who has it can read what was sealed. @throws `bad_secret` */
export function sealerOf(secret: string): Sealer {
  if (secret.length < 16)
    throw new StateaiError(
      'bad_secret',
      'The secret for provider keys has fewer than 16 characters',
      'Set STATEAI_ENCRYPTION_KEY to a long random text and keep it.',
    );
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'stateai provider keys', 32));
  return {
    seal(text, place) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `v1.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    unseal(sealed, place) {
      try {
        const bytes = Buffer.from(sealed.slice(3), 'base64');
        const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(Buffer.from(place))
          .setAuthTag(bytes.subarray(12, 28));
        return cipher.update(bytes.subarray(28)).toString('utf8') + cipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}
