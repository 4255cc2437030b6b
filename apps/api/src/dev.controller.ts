import { DaybookError } from '@daybook/kernel';
import { validationFailedBy } from '@daybook/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { devClockRequest, moveClock, type TestClockFacts } from './dev-clock-request.js';
import { devTokenRequest } from './dev-token-request.js';

/** Dev mode only: a token for anybody who asks, and a clock to move. In any other mode these addresses do not exist. */
@Controller('v1/dev')
export class DevController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post('tokens')
  @HttpCode(200)
  async issueToken(@Body() body: unknown): Promise<object> {
    const { authentication } = this.parts;
    if (authentication.mode !== 'dev') throw nothingHere();
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

  @Post('clock')
  @HttpCode(200)
  setClock(@Body() body: unknown): TestClockFacts {
    const { testClock } = this.parts;
    if (testClock === undefined) throw nothingHere();
    const request = devClockRequest.safeParse(body);
    if (!request.success) throw validationFailedBy(request.error);
    return moveClock(testClock, request.data);
  }
}

function nothingHere(): DaybookError {
  return new DaybookError('NOT_FOUND', 'There is nothing at this address.');
}
