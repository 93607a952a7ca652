-- What the control plane has recorded, asked for by whatever reads the view.
CREATE VIEW sys_serverless_usage AS
    SELECT epoch_ms(period."start") AS start_time, epoch_ms(period."end") AS end_time,
        period."computeSeconds"::DOUBLE AS compute_seconds, period."capacity"::DOUBLE AS compute_capacity,
        period."storageMegabytes" AS data_storage, 0 AS cross_region_transferred_data,
        period."computeSeconds"::INTEGER AS charged_seconds
    FROM (SELECT unnest(from_json(serverless_usage_text(), '[{"start": "BIGINT", "end": "BIGINT", "computeSeconds": "BIGINT",
        "capacity": "BIGINT", "storageMegabytes": "INTEGER"}]')) AS period);
