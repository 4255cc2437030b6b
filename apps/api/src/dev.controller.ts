import { DaybookError } from '@daybook/kernel';
import { validationFailedBy } from '@daybook/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { API_PARTS, type ApiParts } from './api-parts.js';

const tokenRequest = z.strictObject({
  userId: z.string(),
  name: z.string().max(200).optional(),
  email: z.email().max(320).optional(),
  roles: z.array(z.string().max(64)).max(20).optional(),
  expiresIn: z.int().positive().optional().describe('seconds'),
});

/** Dev mode only: a token for anybody who asks. In any other mode this address does not exist. */
@Controller('v1/dev')
export class DevController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('tokens')
  @HttpCode(200)
  async issueToken(@Body() body: unknown): Promise<object> {
    const { authentication } = this.parts;
    if (authentication.mode !== 'dev') throw new DaybookError('NOT_FOUND', 'There is nothing at this address.');
    const request = tokenRequest.safeParse(body);
    if (!request.success) throw validationFailedBy(request.error);
    const { name, email, roles, expiresIn, userId } = request.data;
    return authentication.authenticator.issueDevToken({
      userId,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(roles !== undefined && { roles }),
      ...(expiresIn !== undefined && { expiresIn }),
    });
  }
}
