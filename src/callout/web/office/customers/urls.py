from django.urls import path

from callout.web.office.customers import assets, boxes, choices, customers, positions, sites
from callout.web.office.customers.areas import AREAS
from callout.web.office.small import small_urls

urlpatterns = [
    path("customers/", customers.customers_page, name="customers"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/known/", choices.customer_known, name="customer_known"),
    path("customers/options/", choices.customer_options, name="customer_options"),
    path("customers/box/", boxes.customer_box, name="customer_box"),
    path("customers/use/", boxes.customer_use, name="customer_use"),
    path("customers/<uuid:customer_id>/", customers.customer_page, name="customer"),
    path("customers/<uuid:customer_id>/edit/", customers.customer_edit, name="customer_edit"),
    path(
        "customers/<uuid:customer_id>/archive/", customers.customer_archive, name="customer_archive"
    ),
    path(
        "customers/<uuid:customer_id>/restore/", customers.customer_restore, name="customer_restore"
    ),
    path("customers/<uuid:customer_id>/contacts/new/", customers.contact_new, name="contact_new"),
    path("contacts/options/", choices.contact_options, name="contact_options"),
    path("contacts/box/", boxes.contact_box, name="contact_box"),
    path("contacts/<uuid:contact_id>/edit/", customers.contact_edit, name="contact_edit"),
    path("contacts/<uuid:contact_id>/archive/", customers.contact_archive, name="contact_archive"),
    path("contacts/<uuid:contact_id>/restore/", customers.contact_restore, name="contact_restore"),
    path("sites/", sites.sites_page, name="sites"),
    path("sites/new/", sites.site_new, name="site_new"),
    path("sites/options/", choices.site_options, name="site_options"),
    path("sites/box/", boxes.site_box, name="site_box"),
    path("sites/link/", boxes.site_link_quick, name="site_link_quick"),
    path("sites/<uuid:site_id>/", sites.site_page, name="site"),
    path("sites/<uuid:site_id>/edit/", sites.site_edit, name="site_edit"),
    path("sites/<uuid:site_id>/code/", sites.site_code, name="site_code"),
    path("sites/<uuid:site_id>/link/", sites.site_link, name="site_link"),
    path("sites/<uuid:site_id>/unlink/<uuid:link_id>/", sites.site_unlink, name="site_unlink"),
    path("sites/<uuid:site_id>/archive/", sites.site_archive, name="site_archive"),
    path("sites/<uuid:site_id>/restore/", sites.site_restore, name="site_restore"),
    path("positions/", positions.positions_page, name="positions"),
    path("positions/find/", positions.position_find, name="position_find"),
    path("locations/options/", choices.location_options, name="location_options"),
    path("assets/", assets.assets_page, name="assets"),
    path("assets/new/", assets.asset_new, name="asset_new"),
    path("assets/options/", choices.asset_options, name="asset_options"),
    path("assets/box/", boxes.asset_box, name="asset_box"),
    path("assets/<uuid:asset_id>/", assets.asset_page, name="asset"),
    path("assets/<uuid:asset_id>/edit/", assets.asset_edit, name="asset_edit"),
    path("assets/<uuid:asset_id>/move/", assets.asset_move, name="asset_move"),
    path("assets/<uuid:asset_id>/archive/", assets.asset_archive, name="asset_archive"),
    path("assets/<uuid:asset_id>/restore/", assets.asset_restore, name="asset_restore"),
    *small_urls(AREAS),
]
