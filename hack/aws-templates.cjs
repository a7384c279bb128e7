// Reads the CloudFormation templates and Terraform modules; see hack/aws.sh.
const fs = require("node:fs");
const path = require("node:path");
const yaml = require("yaml");
const { loadAwsServiceSpecSync } = require("@aws-cdk/aws-service-spec");
const { parse } = require("@cdktf/hcl2json");

const problems = [];
const specification = loadAwsServiceSpecSync();

// What a template may refer to beside its own parameters and resources.
const pseudo = new Set(["AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::StackName", "AWS::NoValue", "AWS::URLSuffix"]);

function definition(type) {
  const found = specification.lookup("resource", "cloudFormationType", "equals", type);
  return found.length === 0 ? undefined : [...found][0];
}

function isFunction(value) {
  const keys = value && typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === "Ref" || keys[0] === "Condition" || keys[0].startsWith("Fn::"));
}

// Checks a map against the properties that AWS defines, and what is nested in it against theirs.
function checkProperties(where, properties, given) {
  for (const [name, property] of Object.entries(properties)) {
    if (property.required && !(name in given)) problems.push(`${where}: ${name} is required`);
  }
  for (const [name, value] of Object.entries(given)) {
    const property = properties[name];
    if (!property) {
      problems.push(`${where}: AWS does not know ${name}`);
    } else if (!isFunction(value)) {
      checkValue(`${where}.${name}`, property.type, value);
    }
  }
}

function checkValue(where, type, value) {
  if (type.type === "array" || type.type === "list") {
    if (!Array.isArray(value)) problems.push(`${where}: a list is wanted`);
    else value.forEach((item, i) => isFunction(item) || checkValue(`${where}[${i}]`, type.element, item));
  } else if (type.type === "ref" && value && typeof value === "object" && !Array.isArray(value)) {
    checkProperties(where, specification.get("typeDefinition", type.reference.$ref).properties, value);
  } else if (["integer", "number"].includes(type.type) && Number.isNaN(Number(value))) {
    problems.push(`${where}: a number is wanted`);
  } else if (type.type === "boolean" && typeof value !== "boolean") {
    problems.push(`${where}: true or false is wanted`);
  } else if (["string", "integer", "number", "boolean"].includes(type.type) && typeof value === "object") {
    problems.push(`${where}: one value is wanted`);
  }
}

// Whatever is named must be there.
function checkReferences(where, template, node) {
  if (Array.isArray(node)) {
    node.forEach((item) => checkReferences(where, template, item));
    return;
  }
  if (!node || typeof node !== "object") return;
  const known = (name) => pseudo.has(name) || name in (template.Parameters ?? {}) || name in template.Resources;
  for (const [key, value] of Object.entries(node)) {
    if (key === "Ref" && !known(value)) problems.push(`${where}: Ref ${value} leads nowhere`);
    if (key === "Fn::GetAtt") {
      const [name, attribute] = Array.isArray(value) ? value : value.split(".");
      const of = template.Resources[name];
      const attributes = of && definition(of.Type)?.attributes;
      if (!of || (attributes && !(attribute in attributes) && !(attribute in (definition(of.Type).properties ?? {})))) problems.push(`${where}: GetAtt ${name}.${attribute} leads nowhere`);
    }
    if (key === "Fn::Sub") {
      const [text, own] = Array.isArray(value) ? value : [value, {}];
      for (const [, name] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) {
        if (!(name in own) && !known(name.split(".")[0])) problems.push(`${where}: Sub \${${name}} leads nowhere`);
      }
    }
    if ((key === "Condition" && typeof value === "string" && where.startsWith("Conditions")) || key === "Fn::If") {
      const name = key === "Fn::If" ? value[0] : value;
      if (!(name in (template.Conditions ?? {}))) problems.push(`${where}: there is no condition ${name}`);
    }
    checkReferences(where, template, value);
  }
}

function template(file) {
  const read = yaml.parse(fs.readFileSync(file, "utf8"));
  for (const [name, resource] of Object.entries(read.Resources)) {
    const where = `${file}: ${name}`;
    const known = definition(resource.Type);
    if (!known) {
      problems.push(`${where}: AWS has no resource ${resource.Type}`);
      continue;
    }
    if (resource.Condition && !(resource.Condition in (read.Conditions ?? {}))) problems.push(`${where}: there is no condition ${resource.Condition}`);
    checkProperties(where, known.properties, resource.Properties ?? {});
    checkReferences(where, read, resource.Properties ?? {});
  }
  for (const [name, output] of Object.entries(read.Outputs ?? {})) checkReferences(`${file}: output ${name}`, read, output.Value);
  return read;
}

async function modules(files) {
  const read = {};
  for (const file of files) {
    try {
      read[file] = await parse(path.basename(file), fs.readFileSync(file, "utf8"));
    } catch (e) {
      problems.push(`${file}: ${e.message}`);
    }
  }
  return read;
}

(async () => {
  const templates = {};
  for (const file of ["config/iam/cloudformation.yaml", ...fs.readdirSync("config/aws/cloudformation").sort().map((f) => `config/aws/cloudformation/${f}`)]) templates[file] = template(file);
  const terraform = await modules(["config/iam/terraform/main.tf", "config/aws/terraform/main.tf"]);
  console.log(JSON.stringify({ problems, templates, terraform }));
})();
