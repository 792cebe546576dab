using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Decoding;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Micro;

/// <summary>What a write of a StatefulSet costs in its parts: the codec of the typed records, and the walks over the schema.</summary>
[MemoryDiagnoser]
public class Objects
{
    static readonly ResourceType s_type = Catalog.BuiltIn.Find("apps", "v1", "statefulsets")!;
    readonly KindRules _rules = KindRules.For(s_type);
    readonly byte[] _json = Encoding.UTF8.GetBytes("""
        {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","namespace":"default","labels":{"app":"web"}},"spec":{"serviceName":"web","replicas":3,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"web:1","ports":[{"containerPort":8080}],
        "env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],"readinessProbe":{"httpGet":{"path":"/healthz","port":8080}},
        "volumeMounts":[{"mountPath":"/data","name":"data"}]}]}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],
        "resources":{"requests":{"storage":"2Gi"}}}}]}}
        """);
    JsonObject _defaulted = [];
    StatefulSet _typed = StatefulSet.Empty;

    [GlobalSetup]
    public void Prepare()
    {
        _defaulted = Decode.Object(_json, s_type.Schema).Object!;
        _rules.Default(_defaulted);
        _typed = Json.Read<StatefulSet>(_json);
    }

    [Benchmark(Baseline = true)]
    public JsonNode? PlainParse() => JsonNode.Parse(_json);

    [Benchmark]
    public JsonObject? StrictDecode() => Decode.Object(_json, s_type.Schema).Object;

    [Benchmark]
    public void DefaultsOfWhatHasThem() => _rules.Default(_defaulted);

    [Benchmark]
    public int Validate() => _rules.Validate(_defaulted).Count;

    [Benchmark]
    public StatefulSet TypedRead() => Json.Read<StatefulSet>(_json);

    [Benchmark]
    public byte[] TypedWrite() => Json.Write(_typed);
}
