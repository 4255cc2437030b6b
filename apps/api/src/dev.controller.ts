import { DaybookError } from '@daybook/kernel';
import { validationFailedBy } from '@daybook/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { devTokenRequest } from './dev-token-request.js';

/** Dev mode only: a token for anybody who asks. In any other mode this address does not exist. */
@Controller('v1/dev')
export class DevController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('tokens')
  @HttpCode(200)
  async issueToken(@Body() body: unknown): Promise<object> {
    const { authentication } = this.parts;
    if (authentication.mode !== 'dev') throw new DaybookError('NOT_FOUND', 'There is nothing at this address.');
    const request = devTokenRequest.safeParse(body);
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
