import { machineLaws } from '../kit/machine-laws.js'
import { refundModel } from './refund-machine.model.js'

machineLaws(refundModel)
