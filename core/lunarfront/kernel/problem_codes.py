"""The one list of error codes (domain-core.md §10.1). A code that is not here does not exist."""

#: HTTP status to the codes that are answered with it. `insufficient_balance` and `period_locked` stand twice.
CODES_BY_STATUS: dict[int, tuple[str, ...]] = {
    400: tuple("bad_request form_token_invalid idempotency_key_required".split()),
    401: tuple("refresh_reused unauthenticated".split()),
    403: tuple(
        (
            "cross_site_refused estimate_approval_required forbidden license_limit_reached "
            "module_not_installed module_not_licensed module_read_only module_update_not_covered"
        ).split()
    ),
    404: tuple("not_found unknown_barcode".split()),
    409: tuple(
        (
            "account_in_use already_captured already_clocked_in already_in_batch approval_required "
            "arrears_outstanding children_not_estimated conflict consignment_not_active "
            "count_discrepancy_unacknowledged drawer_not_open estimate_changed estimate_not_current "
            "failed_payment_blocks_change gift_card_not_reloadable gift_card_used insufficient_balance "
            "insufficient_stock invalid_transition level_in_use makeup_expired not_clocked_in "
            "online_required overlap payment_disputed payment_in_doubt pending_invoice_window "
            "period_locked plan_already_active possible_duplicate preview_required preview_stale "
            "primary_required quote_changed reader_busy request_in_progress schedule_conflict slot_full "
            "too_late total_changed trade_in_unit_gone trial_already_used unit_not_available "
            "unit_unavailable waiting_period"
        ).split()
    ),
    410: tuple("token_expired".split()),
    412: tuple("version_conflict".split()),
    413: tuple("payload_too_large".split()),
    415: tuple("unsupported_media_type".split()),
    422: tuple(
        (
            "account_required bad_file barcode_check_digit card_data_refused customer_required "
            "denominations_mismatch discount_exceeds_cart discount_exceeds_line discount_invalid "
            "future_date idempotency_key_reused insufficient_balance items_unchecked level_inactive "
            "level_not_in_scale license_invalid license_older_than_current money_invalid "
            "money_must_be_string money_out_of_range money_precision no_lines not_yet note_required "
            "overpayment_not_allowed quantity_invalid reason_required refund_exceeds_paid "
            "refund_exceeds_sold setting_invalid signature_required tax_not_configured text_invalid "
            "text_too_long too_many_lines underpaid unit_not_rentable unknown_field validation_failed "
            "variance_reason_required"
        ).split()
    ),
    423: tuple("approval_locked period_locked".split()),
    428: tuple("precondition_required".split()),
    429: tuple("rate_limited too_many_sends".split()),
    500: tuple("internal_error".split()),
    503: tuple("dependency_unavailable".split()),
}

#: Default status of each code: the first it is listed with.
STATUS_BY_CODE: dict[str, int] = {}
for _status, _codes in CODES_BY_STATUS.items():
    for _code in _codes:
        STATUS_BY_CODE.setdefault(_code, _status)
STATUS_BY_CODE["insufficient_balance"] = 422  # stored value; time off names its 409 itself
