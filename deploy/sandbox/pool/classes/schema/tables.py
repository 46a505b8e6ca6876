"""The fields of each class: name, type, rw or ro, the release that brought it (- for old ones), default.

Source: xapi-project.github.io/xen-api: the class reference (a release as xapi's datamodel names it).
"""

from __future__ import annotations

from deploy.sandbox.pool.classes.schema.disks import VBD, VDI, VM

SESSION = """
uuid string ro - -
this_host ref:host ro - -
this_user ref:user ro - -
last_active datetime ro - -
pool bool ro - -
other_config map rw - -
is_local_superuser bool ro - -
subject ref:subject ro - -
validation_time datetime ro - -
auth_user_sid string ro - -
auth_user_name string ro - -
rbac_permissions set:string ro - -
tasks set:ref:task ro - -
parent ref:session ro - -
originator string ro - -
client_certificate bool ro 21.2.0 -
"""

POOL = """
uuid string ro - -
name_label string rw - -
name_description string rw - -
master ref:host ro - -
default_SR ref:SR rw - -
suspend_image_SR ref:SR rw - -
crash_dump_SR ref:SR rw - -
other_config map rw - -
ha_enabled bool ro - -
ha_configuration map ro - -
ha_statefiles set:string ro - -
ha_host_failures_to_tolerate int ro - -
ha_plan_exists_for int ro - -
ha_allow_overcommit bool rw - -
ha_overcommitted bool ro - -
blobs map ro - -
tags set:string rw - -
gui_config map rw - -
health_check_config map rw dundee -
wlb_url string ro - -
wlb_username string ro - -
wlb_enabled bool rw - -
wlb_verify_cert bool rw - -
redo_log_enabled bool ro - -
redo_log_vdi ref:VDI ro - -
vswitch_controller string ro - -
restrictions map ro - -
metadata_VDIs set:ref:VDI ro - -
ha_cluster_stack string ro dundee -
allowed_operations set:string ro - -
current_operations map ro - -
guest_agent_config map ro dundee -
cpu_info map ro dundee -
policy_no_vendor_device bool rw dundee -
live_patching_disabled bool rw ely -
igmp_snooping_enabled bool ro inverness -
uefi_certificates string ro quebec -
custom_uefi_certificates string ro 24.0.0 -
is_psr_pending bool rw stockholm_psr -
tls_verification_enabled bool ro 1.290.0 -
repositories set:ref:Repository ro 1.301.0 -
client_certificate_auth_enabled bool ro 1.318.0 -
client_certificate_auth_name string ro 1.318.0 -
repository_proxy_url string ro 21.3.0 -
repository_proxy_username string ro 21.3.0 -
repository_proxy_password ref:secret ro 21.3.0 -
migration_compression bool rw 22.33.0 -
coordinator_bias bool rw 22.37.0 true
local_auth_max_threads int ro 23.27.0 8
ext_auth_max_threads int ro 23.27.0 1
ext_auth_cache_enabled bool ro 24.31.0 true
ext_auth_cache_size int ro 24.31.0 50
ext_auth_cache_expiry int ro 24.31.0 300
telemetry_uuid ref:secret ro 23.9.0 -
telemetry_frequency string ro 23.9.0 weekly
telemetry_next_collection datetime ro 23.9.0 -
last_update_sync datetime ro 23.18.0 -
update_sync_frequency string ro 23.18.0 weekly
update_sync_day int ro 23.18.0 -
update_sync_enabled bool ro 23.18.0 -
recommendations map ro 24.19.1 -
"""

HOST = """
uuid string ro - -
name_label string rw - -
name_description string rw - -
memory_overhead int ro - -
allowed_operations set:string ro - -
current_operations map ro - -
API_version_major int ro - -
API_version_minor int ro - -
API_version_vendor string ro - -
API_version_vendor_implementation map ro - -
enabled bool ro - -
software_version map ro - -
other_config map rw - -
capabilities set:string ro - -
cpu_configuration map ro - -
sched_policy string ro - -
supported_bootloaders set:string ro - -
resident_VMs set:ref:VM ro - -
logging map rw - -
PIFs set:ref:PIF ro - -
suspend_image_sr ref:SR rw - -
crash_dump_sr ref:SR rw - -
crashdumps set:ref:host_crashdump ro - -
patches set:ref:host_patch ro - -
updates set:ref:pool_update ro ely -
PBDs set:ref:PBD ro - -
host_CPUs set:ref:host_cpu ro - -
cpu_info map ro - -
hostname string rw - -
address string rw - -
metrics ref:host_metrics ro - -
license_params map ro - -
ha_statefiles set:string ro - -
ha_network_peers set:string ro - -
blobs map ro - -
tags set:string rw - -
external_auth_type string ro - -
external_auth_service_name string ro - -
external_auth_configuration map ro - -
edition string ro - -
license_server map rw - -
bios_strings map ro - -
power_on_mode string ro - -
power_on_config map ro - -
local_cache_sr ref:SR ro - -
chipset_info map ro - -
PCIs set:ref:PCI ro - -
PGPUs set:ref:PGPU ro - -
PUSBs set:ref:PUSB ro inverness -
ssl_legacy bool ro dundee true
guest_VCPUs_params map rw - -
display string rw cream enabled
virtual_hardware_platform_versions set:int ro cream -
control_domain ref:VM ro ely -
updates_requiring_reboot set:ref:pool_update ro ely -
features set:ref:Feature ro falcon -
iscsi_iqn string ro kolkata -
multipathing bool ro kolkata -
uefi_certificates string ro quebec -
certificates set:ref:Certificate ro stockholm -
editions set:string ro stockholm -
pending_guidances set:string ro 1.303.0 -
tls_verification_enabled bool ro 1.313.0 -
last_software_update datetime ro 22.20.0 -
https_only bool ro 22.27.0 -
latest_synced_updates_applied string ro 23.18.0 unknown
numa_affinity_policy string ro 24.0.0 default_policy
pending_guidances_recommended set:string ro 24.10.0 -
pending_guidances_full set:string ro 24.10.0 -
last_update_hash string ro 24.10.0 -
"""

SR = """
uuid string ro - -
name_label string rw - -
name_description string rw - -
allowed_operations set:string ro - -
current_operations map ro - -
VDIs set:ref:VDI ro - -
PBDs set:ref:PBD ro - -
virtual_allocation int ro - -
physical_utilisation int ro - -
physical_size int ro - -
type string ro - -
content_type string ro - -
shared bool rw - -
other_config map rw - -
tags set:string rw - -
sm_config map rw - -
blobs map ro - -
local_cache_enabled bool ro - -
introduced_by ref:DR_task ro - -
clustered bool ro dundee -
is_tools_sr bool ro dundee -
"""

PBD = """
uuid string ro - -
host ref:host ro - -
SR ref:SR ro - -
device_config map ro - -
currently_attached bool ro - -
other_config map rw - -
"""

SM = """
uuid string ro - -
name_label string ro - -
name_description string ro - -
type string ro - -
vendor string ro - -
copyright string ro - -
version string ro - -
required_api_version string ro - -
configuration map ro - -
capabilities set:string ro - -
features map ro - -
other_config map rw - -
driver_filename string ro - -
required_cluster_stack set:string ro dundee -
"""

SECRETS = """
uuid string ro - -
value string rw - -
other_config map rw - -
"""

TASK = """
uuid string ro - -
name_label string ro - -
name_description string ro - -
allowed_operations set:string ro - -
current_operations map ro - -
created datetime ro - -
finished datetime ro - -
status string ro - -
resident_on ref:host ro - -
progress float ro - -
type string ro - -
result string ro - -
error_info set:string ro - -
other_config map rw - -
subtask_of ref:task ro - -
subtasks set:ref:task ro - -
backtrace string ro dundee ()
"""

TEXTS = {
    "session": SESSION,
    "pool": POOL,
    "host": HOST,
    "SR": SR,
    "PBD": PBD,
    "SM": SM,
    "secret": SECRETS,
    "task": TASK,
    "VM": VM,
    "VDI": VDI,
    "VBD": VBD,
}
