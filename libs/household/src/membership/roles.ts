import { z } from 'zod';

export const ROLES = ['manager', 'member', 'viewer'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = (typeof ROLES)[number];
