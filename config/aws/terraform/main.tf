# What a move between two regions needs of a landing zone; the same as ../cloudformation. See docs/aws.md.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.0"
      configuration_aliases = [aws.from, aws.to]
    }
  }
}

variable "from" {
  description = "The region that the set lives in: its VPC, the route tables of members and cluster, the members' addresses, the public endpoint."
  type = object({
    region           = optional(string, "eu-west-1")
    vpc_id           = string
    vpc_cidr         = string
    route_table_ids  = list(string)
    member_addresses = list(string)
    endpoint_address = string
  })
}

variable "to" {
  description = "The region that is moved to, as from."
  type = object({
    region           = optional(string, "eu-west-2")
    vpc_id           = string
    vpc_cidr         = string
    route_table_ids  = list(string)
    member_addresses = list(string)
    endpoint_address = string
  })
}

variable "operator_security_group_id" {
  description = "The security group of the operator's pods or nodes; the cluster is in the region that the set lives in."
  type        = string
}

variable "operator_cidr" {
  description = "The address range of the operator's pods or nodes, for the other region: a security group cannot be named across regions."
  type        = string
}

variable "private_zone_name" {
  description = "The zone of the members' names, which the set's configuration and the manifests use."
  type        = string
  default     = "modestano.test"
}

variable "health_name" {
  description = "The name that the health checks ask for."
  type        = string
  default     = "shop.modestano.test"
}

variable "health_path" {
  description = "The path that tells whether the application serves."
  type        = string
  default     = "/healthz"
}

locals {
  port = 27017
  members = merge(
    { for i, address in var.from.member_addresses : "mongo-${substr("abc", i, 1)}.${var.from.region}" => address },
    { for i, address in var.to.member_addresses : "mongo-${substr("abc", i, 1)}.${var.to.region}" => address },
  )
}

resource "aws_vpc_peering_connection" "members" {
  provider    = aws.from
  vpc_id      = var.from.vpc_id
  peer_vpc_id = var.to.vpc_id
  peer_region = var.to.region
  tags        = { Name = "modestano-members" }
}

resource "aws_vpc_peering_connection_accepter" "members" {
  provider                  = aws.to
  vpc_peering_connection_id = aws_vpc_peering_connection.members.id
  auto_accept               = true
}

resource "aws_route" "there" {
  provider                  = aws.from
  for_each                  = toset(var.from.route_table_ids)
  route_table_id            = each.value
  destination_cidr_block    = var.to.vpc_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.members.id
}

resource "aws_route" "back" {
  provider                  = aws.to
  for_each                  = toset(var.to.route_table_ids)
  route_table_id            = each.value
  destination_cidr_block    = var.from.vpc_cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.members.id
}

resource "aws_security_group" "members_from" {
  provider    = aws.from
  description = "Members of the replica set"
  vpc_id      = var.from.vpc_id
}

resource "aws_security_group" "members_to" {
  provider    = aws.to
  description = "Members of the replica set"
  vpc_id      = var.to.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "from_members_here" {
  provider                     = aws.from
  security_group_id            = aws_security_group.members_from.id
  description                  = "members of this region"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.members_from.id
}

resource "aws_vpc_security_group_ingress_rule" "from_members_there" {
  provider          = aws.from
  for_each          = toset(var.to.member_addresses)
  security_group_id = aws_security_group.members_from.id
  description       = "a member of the other region"
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
  cidr_ipv4         = "${each.value}/32"
}

resource "aws_vpc_security_group_ingress_rule" "from_operator" {
  provider                     = aws.from
  security_group_id            = aws_security_group.members_from.id
  description                  = "the operator"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = var.operator_security_group_id
}

resource "aws_vpc_security_group_ingress_rule" "to_members_here" {
  provider                     = aws.to
  security_group_id            = aws_security_group.members_to.id
  description                  = "members of this region"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
  referenced_security_group_id = aws_security_group.members_to.id
}

resource "aws_vpc_security_group_ingress_rule" "to_members_there" {
  provider          = aws.to
  for_each          = toset(var.from.member_addresses)
  security_group_id = aws_security_group.members_to.id
  description       = "a member of the other region"
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
  cidr_ipv4         = "${each.value}/32"
}

resource "aws_vpc_security_group_ingress_rule" "to_operator" {
  provider          = aws.to
  security_group_id = aws_security_group.members_to.id
  description       = "the operator"
  ip_protocol       = "tcp"
  from_port         = local.port
  to_port           = local.port
  cidr_ipv4         = var.operator_cidr
}

# Terraform's own group lets nothing out; members speak to each other and to whatever the instance needs.
resource "aws_vpc_security_group_egress_rule" "from" {
  provider          = aws.from
  security_group_id = aws_security_group.members_from.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "to" {
  provider          = aws.to
  security_group_id = aws_security_group.members_to.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_route53_zone" "members" {
  provider = aws.from
  name     = var.private_zone_name
  comment  = "Members of the replica set"
  vpc {
    vpc_id     = var.from.vpc_id
    vpc_region = var.from.region
  }
  vpc {
    vpc_id     = var.to.vpc_id
    vpc_region = var.to.region
  }
}

resource "aws_route53_record" "members" {
  provider = aws.from
  for_each = local.members
  zone_id  = aws_route53_zone.members.zone_id
  name     = "${each.key}.${var.private_zone_name}"
  type     = "A"
  ttl      = 60
  records  = [each.value]
}

resource "aws_route53_health_check" "endpoints" {
  provider          = aws.from
  for_each          = { (var.from.region) = var.from.endpoint_address, (var.to.region) = var.to.endpoint_address }
  type              = "HTTPS"
  ip_address        = each.value
  port              = 443
  fqdn              = var.health_name
  resource_path     = var.health_path
  enable_sni        = true
  request_interval  = 10
  failure_threshold = 3
}

output "members_security_group_ids" {
  description = "For the instances of the members."
  value       = { (var.from.region) = aws_security_group.members_from.id, (var.to.region) = aws_security_group.members_to.id }
}

output "health_check_ids" {
  description = "healthCheckId of the endpoints."
  value       = { for region, check in aws_route53_health_check.endpoints : region => check.id }
}
