import { BATCH_BODY_BYTES, COMMAND_BODY_BYTES, errorReference, MAX_BATCH_COMMANDS, MAX_BATCH_QUERIES } from '@daybook/platform';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { apiDescription, contracts } from './api-description.js';
import { API_PARTS, type ApiParts } from './api-parts.js';
import { testClockFacts } from './dev-clock-request.js';
import { docsPage } from './docs-page.js';
import { errorsPage } from './errors-page.js';
import { homePage } from './home-page.js';
import { PAGE_CONTENT_SECURITY_POLICY } from './page.js';

const HTML = 'text/html; charset=utf-8';

/** What a person or a program reads before it has a token. */
@Controller()
export class PagesController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CONTENT_SECURITY_POLICY)
  async home(): Promise<string> {
    const { version, authentication, publicUrl, health, testClock } = this.parts;
    const { status, body } = await health.ready();
    return homePage({
      version,
      authMode: authentication.mode,
      url: publicUrl(),
      isReady: status === 200,
      testClock: testClock === undefined || testClock.shiftMs === 0 ? undefined : testClockFacts(testClock).now,
      checks: body.checks.map((check) => ({ name: check.name, isOk: check.status === 'ok', action: check.action ?? '' })),
    });
  }

  @Get('docs')
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CONTENT_SECURITY_POLICY)
  docs(): string {
    return docsPage(contracts, this.parts.publicUrl());
  }

  @Get('docs/errors')
  @Header('content-type', HTML)
  @Header('content-security-policy', PAGE_CONTENT_SECURITY_POLICY)
  errors(): string {
    return errorsPage(errorReference());
  }

  @Get('openapi.json')
  openApi(): object {
    const { version, authentication, publicUrl } = this.parts;
    return apiDescription({ version, url: publicUrl(), authMode: authentication.mode });
  }

  @Get('v1/meta')
  meta(@Res({ passthrough: true }) reply: FastifyReply): object {
    reply.header('cache-control', 'no-cache');
    const { version, authentication, issuer } = this.parts;
    return {
      version,
      api: 'v1',
      authMode: authentication.mode,
      ...(issuer !== undefined && { issuer }),
      limits: {
        commandBytes: COMMAND_BODY_BYTES,
        batchBytes: BATCH_BODY_BYTES,
        batchCommands: MAX_BATCH_COMMANDS,
        batchQueries: MAX_BATCH_QUERIES,
      },
    };
  }
}
