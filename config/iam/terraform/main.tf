# What the Modestano operator may do in Route 53, and who may do it. See docs/dns.md.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "name" {
  description = "Name of the policy and the role."
  type        = string
  default     = "modestano-dns"
}

variable "hosted_zone_id" {
  description = "The hosted zone's id, as Z0123456789EXAMPLE."
  type        = string
}

variable "record_names" {
  description = "Names of the records, in lower case and without the last dot. For the record *.modestano.com give two entries: \\052.modestano.com and _modestano-*-wildcard.modestano.com."
  type        = list(string)
}

variable "oidc_issuer" {
  description = "For IRSA, the cluster's OIDC issuer without https://. Leave empty where the role is for another account's operator."
  type        = string
  default     = ""
}

variable "service_account" {
  description = "For IRSA and Pod Identity, namespace:name of the operator's service account."
  type        = string
  default     = "modestano-operator-system:modestano-operator-controller-manager"
}

variable "cluster_arn" {
  description = "For EKS Pod Identity, the cluster's ARN. The role is then for its pods, and an association with service_account is made."
  type        = string
  default     = ""
}

variable "operator_role_arn" {
  description = "Where the operator runs in another account, the role that it runs as."
  type        = string
  default     = ""
}

variable "external_ids" {
  description = "Then also the external ids that it makes, <cluster UID>/<operator namespace>/<Lease name>/<namespace>/<provider>; the status of a record that is denied has it."
  type        = list(string)
  default     = []
}

locals {
  service_account_namespace = split(":", var.service_account)[0]
  service_account_name      = split(":", var.service_account)[1]
  for_service_account       = var.cluster_arn == "" ? data.aws_iam_policy_document.service_account.json : data.aws_iam_policy_document.pods.json
}

data "aws_partition" "this" {}

data "aws_caller_identity" "this" {}

data "aws_iam_policy_document" "route53" {
  statement {
    sid       = "ReadTheZone"
    effect    = "Allow"
    actions   = ["route53:GetHostedZone", "route53:ListResourceRecordSets"]
    resources = ["arn:${data.aws_partition.this.partition}:route53:::hostedzone/${var.hosted_zone_id}"]
  }

  statement {
    sid       = "ChangeTheseRecordsAndTheirMarks"
    effect    = "Allow"
    actions   = ["route53:ChangeResourceRecordSets"]
    resources = ["arn:${data.aws_partition.this.partition}:route53:::hostedzone/${var.hosted_zone_id}"]

    # Each name, and each name behind _modestano-*.
    condition {
      test     = "ForAllValues:StringLike"
      variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
      values   = concat(var.record_names, formatlist("_modestano-*.%s", var.record_names))
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsRecordTypes"
      values   = ["A", "AAAA", "CNAME", "TXT"]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsActions"
      values   = ["CREATE", "DELETE"]
    }

    condition {
      test     = "Null"
      variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
      values   = ["false"]
    }

    condition {
      test     = "Null"
      variable = "route53:ChangeResourceRecordSetsRecordTypes"
      values   = ["false"]
    }

    condition {
      test     = "Null"
      variable = "route53:ChangeResourceRecordSetsActions"
      values   = ["false"]
    }
  }

  statement {
    sid       = "FollowChanges"
    effect    = "Allow"
    actions   = ["route53:GetChange"]
    resources = ["arn:${data.aws_partition.this.partition}:route53:::change/*"]
  }

  statement {
    sid       = "ReadHealthChecks"
    effect    = "Allow"
    actions   = ["route53:GetHealthCheckStatus"]
    resources = ["arn:${data.aws_partition.this.partition}:route53:::healthcheck/*"]
  }

  statement {
    sid       = "FindZonesByName"
    effect    = "Allow"
    actions   = ["route53:ListHostedZonesByName"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "service_account" {
  statement {
    sid     = "TheOperatorsServiceAccount"
    effect  = "Allow"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:${data.aws_partition.this.partition}:iam::${data.aws_caller_identity.this.account_id}:oidc-provider/${var.oidc_issuer}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${var.oidc_issuer}:sub"
      values   = ["system:serviceaccount:${var.service_account}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${var.oidc_issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "pods" {
  statement {
    sid     = "TheOperatorsPods"
    effect  = "Allow"
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.this.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = [local.service_account_namespace]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [local.service_account_name]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [var.cluster_arn]
    }
  }
}

data "aws_iam_policy_document" "other_account" {
  statement {
    sid     = "TheOperatorForTheseNamespaces"
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = [var.operator_role_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = var.external_ids
    }
  }
}

resource "aws_iam_policy" "route53" {
  name        = var.name
  description = "The Modestano operator's records in one hosted zone"
  policy      = data.aws_iam_policy_document.route53.json
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = var.operator_role_arn == "" ? local.for_service_account : data.aws_iam_policy_document.other_account.json
}

resource "aws_eks_pod_identity_association" "this" {
  count           = var.cluster_arn == "" ? 0 : 1
  cluster_name    = split("/", var.cluster_arn)[1]
  namespace       = local.service_account_namespace
  service_account = local.service_account_name
  role_arn        = aws_iam_role.this.arn
}

resource "aws_iam_role_policy_attachment" "route53" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.route53.arn
}

output "role_arn" {
  description = "For the annotation eks.amazonaws.com/role-arn of the operator's service account, or for roleArn of the provider in its grants."
  value       = aws_iam_role.this.arn
}
