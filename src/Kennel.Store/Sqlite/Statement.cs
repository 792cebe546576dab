using System.Text;

namespace Kennel.Store.Sqlite;

/// <summary>A prepared statement, used again and again.</summary>
internal sealed unsafe class Statement(Connection connection, nint statement) : IDisposable
{
    private const nint Transient = -1; // SQLite copies the bytes
    private nint _statement = statement;

    /// <summary>Moves to the next row; false when there is none, and the statement can be run again.</summary>
    public bool Step()
    {
        var code = Native.sqlite3_step(_statement);
        if (code == Native.Row) return true;
        if (code == Native.Done) code = Native.sqlite3_reset(_statement);
        else _ = Native.sqlite3_reset(_statement);
        connection.Check(code);
        return false;
    }

    /// <summary>Runs it for its effect. The parameters are bound.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public Statement Bind(int parameter, long value)
    {
        connection.Check(Native.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            byte none; // a null pointer would bind NULL
            connection.Check(Native.sqlite3_bind_blob(_statement, parameter, bytes is null ? &none : bytes, value.Length, Transient));
        }

        return this;
    }

    public Statement Bind(int parameter, string value)
    {
        const int onStack = 1024;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> utf8 = most <= onStack ? stackalloc byte[onStack] : new byte[most];
        var length = Encoding.UTF8.GetBytes(value, utf8);
        fixed (byte* bytes = utf8) connection.Check(Native.sqlite3_bind_text(_statement, parameter, bytes, length, Transient));
        return this;
    }

    public long Long(int column) => Native.sqlite3_column_int64(_statement, column);

    public ReadOnlySpan<byte> Bytes(int column)
    {
        var bytes = Native.sqlite3_column_blob(_statement, column);
        return new ReadOnlySpan<byte>(bytes, Native.sqlite3_column_bytes(_statement, column));
    }

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public void Dispose()
    {
        _ = Native.sqlite3_finalize(_statement);
        _statement = 0;
    }
}
