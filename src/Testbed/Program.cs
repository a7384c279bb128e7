Console.WriteLine("modestano-world");
