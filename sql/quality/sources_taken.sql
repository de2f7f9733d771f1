-- grain: one source of which a refresh took a delivery
select distinct deliveries.source
from model.deliveries as deliveries
where deliveries.taken_in = $refresh_no
