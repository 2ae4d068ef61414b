// Random histories against the real server, judged by the oracle: programs whose points expire.
import { describeHistories } from './support/histories/suite.ts';

describeHistories(true);
